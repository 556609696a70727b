import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { Endpoint } from "../../../core/contract/manifest.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";

export interface ExtensionDetailProps {
  readonly install: InstalledExtension;
  onEndpoint(endpoint: Endpoint): void;
}

/** What is installed, exactly: the whole hash, what was granted, and the endpoints as a way into the request form. */
export function ExtensionDetail({ install, onEndpoint }: ExtensionDetailProps) {
  const endpoints = install.manifest.api?.endpoints ?? [];
  return (
    <div className="extension-detail">
      <h3>Endpoints</h3>
      {endpoints.length === 0 ? (
        <p className="dim">The manifest lists none: every path is open.</p>
      ) : (
        <ul className="endpoints">
          {endpoints.map((endpoint) => (
            <li key={`${endpoint.method} ${endpoint.path}`}>
              <button type="button" className="endpoint mono" onClick={() => onEndpoint(endpoint)}>
                <span className="endpoint-method">{endpoint.method}</span> {endpoint.path}
              </button>
            </li>
          ))}
        </ul>
      )}
      <h3>Install</h3>
      <Facts>
        <Fact name="name">
          <span className="mono">{install.extension_name}</span>
        </Fact>
        <Fact name="hash">
          <span className="mono">{install.content_hash}</span>
          <CopyButton text={install.content_hash} what="the content hash" />
        </Fact>
        <Fact name="granted">
          <Granted capabilities={install.granted_capabilities} />
        </Fact>
      </Facts>
    </div>
  );
}

function Granted({ capabilities }: { readonly capabilities: readonly string[] }) {
  if (capabilities.length === 0) return <span className="dim">nothing</span>;
  return (
    <ul>
      {capabilities.map((capability) => (
        <li key={capability} className="mono">
          {capability}
        </li>
      ))}
    </ul>
  );
}
