import type { HostAddress } from "../../../core/contract/host-address.ts";
import type { StreamState } from "../../event-stream.ts";
import { installOf, type WorkbenchState } from "../../state/workbench.ts";
import { shortHash } from "../../ui/format.ts";
import { useStore } from "../../ui/use-store.ts";
import "./status-bar.css";

const CONNECTION: Record<StreamState, { readonly word: string; readonly tone: "ok" | "warn" | "bad" }> = {
  connecting: { word: "connecting to", tone: "warn" },
  open: { word: "connected to", tone: "ok" },
  lost: { word: "disconnected, trying again:", tone: "bad" },
  refused: { word: "the token does not open", tone: "bad" },
};

export function StatusBar({ host, state }: { readonly host: HostAddress; readonly state: WorkbenchState }) {
  const connection = CONNECTION[useStore(state.connection)];
  const { data } = useStore(state.host);
  const selected = installOf(useStore(state.extensions).data, useStore(state.selected));
  return (
    <footer className="status-bar">
      <span role="status">
        <i className={`dot dot-${connection.tone}`} aria-hidden />
        {connection.word} {new URL(host.url).host}
      </span>
      {data && (
        <>
          <span>runner {data.runner.state}</span>
          <span>signatures: {data.tenant.unsigned_policy === "allow" ? "unsigned allowed" : "enforced"}</span>
        </>
      )}
      <span className="status-end">
        {selected && <span className="mono">{shortHash(selected.content_hash)}</span>}
        {data && <span>workbench {data.version}</span>}
      </span>
    </footer>
  );
}
