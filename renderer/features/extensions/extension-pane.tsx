import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { ClientFailure } from "../../state/failure.ts";
import { installOf, type WorkbenchState } from "../../state/workbench.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import { ExtensionDetail } from "./extension-detail.tsx";
import { ExtensionItem } from "./extension-item.tsx";
import "./extension-pane.css";

export function ExtensionPane({ state }: { readonly state: WorkbenchState }) {
  const { data, loading, failure } = useStore(state.extensions);
  const selectedId = useStore(state.selected);
  const selected = installOf(data, selectedId);
  return (
    <Pane title="Extensions" area="extensions" facts={data && <span>{data.length} installed</span>}>
      <div className="pane-body">
        {failure && !data && <NotLoaded failure={failure} />}
        {!data && loading && <Notice title="Loading the installed extensions…" />}
        {data?.length === 0 && <NothingInstalled />}
        {data && data.length > 0 && (
          <ul className="extension-list" aria-label="Installed extensions">
            {data.map((install: InstalledExtension) => (
              <li key={install.install_id}>
                <ExtensionItem
                  install={install}
                  isSelected={install.install_id === selectedId}
                  onSelect={() => state.select(install.install_id)}
                />
              </li>
            ))}
          </ul>
        )}
        {selected && <ExtensionDetail install={selected} onEndpoint={state.fill} />}
      </div>
    </Pane>
  );
}

/** The frame says once, above everything, that the host is gone or refuses; only what is this list's own is said here. */
function NotLoaded({ failure }: { readonly failure: ClientFailure }) {
  return failure.kind === "unreachable" || failure.kind === "unauthorised" ? (
    <Notice title="Not loaded." />
  ) : (
    <FailureNotice failure={failure} />
  );
}

function NothingInstalled() {
  return (
    <Notice title="No extension is installed for this tenant.">
      <p>Make one from a template, then build, sign, publish and install it:</p>
      <Command
        text="workbench create hello --name com.acme.hello"
        what="the command that makes an extension"
      />
    </Notice>
  );
}
