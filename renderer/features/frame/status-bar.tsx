import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { HostState } from "../../../core/contract/rpc.ts";
import type { StreamState } from "../../event-stream.ts";
import { callerOf } from "../../state/caller.ts";
import { installOf } from "../../state/workbench.ts";
import { Command } from "../../ui/command.tsx";
import { shortHash } from "../../ui/format.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { activeKeyOf, expiryOf } from "./signing-key.tsx";
import "./status-bar.css";

type Tone = "ok" | "warn" | "bad";

const CONNECTION: Record<StreamState, { readonly word: string; readonly tone: Tone }> = {
  connecting: { word: "connecting to", tone: "warn" },
  open: { word: "connected to", tone: "ok" },
  lost: { word: "✕ no answer, trying again:", tone: "bad" },
  refused: { word: "✕ the token does not open", tone: "bad" },
};

const RUNNER: Record<HostState["runner"]["state"], Tone> = {
  ready: "ok",
  external: "ok",
  starting: "warn",
  restarting: "warn",
  stopped: "bad",
  unavailable: "bad",
};

/** The truth about what is running, always in sight. */
export function StatusBar({ context }: { readonly context: WindowContext }) {
  const { host, state } = context;
  const connected = useStore(state.connection);
  const connection = CONNECTION[connected];
  const { data } = useStore(state.host);
  const choice = useStore(context.caller);
  const selected = installOf(useStore(state.extensions).data, useStore(state.selected));
  const { last_good: live, stale = false } = useStore(context.loop).loop ?? {};
  const running = live ? { name: live.name, hash: live.content_hash } : runningOf(selected);
  const key = activeKeyOf(useStore(context.settings).data);
  const expiry = key && expiryOf(key);
  const caller = data && callerOf(choice, data);
  return (
    <footer className="status-bar">
      <span role="status">
        <i className={`dot dot-${connection.tone}`} aria-hidden />
        {connection.word} {new URL(host.url).host}
        {connected === "refused" && " · give the address that it printed, above"}
        {connected === "lost" && " · what you typed stays"}
      </span>
      {connected === "lost" && !context.shell && (
        <Command
          text={`workbench serve --port ${new URL(host.url).port}`}
          what="the command that starts the host"
        />
      )}
      {data && caller && (
        <>
          {/* What was said last is no news while nobody answers. */}
          {connected === "open" && (
            <>
              <span>
                <i className={`dot dot-${RUNNER[data.runner.state]}`} aria-hidden />
                runner {data.runner.state}
              </span>
              <span>gateway {new URL(data.gateway_url).host}</span>
            </>
          )}
          <span>
            {caller.tenant.name}
            {caller.persona && ` · ${caller.persona.name}`}
          </span>
          {key && (
            <span className="status-key" title={key.subject}>
              key <span className="mono">{key.id}</span>{" "}
              {expiry && <span className={expiry.className}>{expiry.text}</span>}
            </span>
          )}
          <span>
            signatures: {caller.tenant.unsigned_policy === "allow" ? "! unsigned allowed" : "enforced"}
          </span>
        </>
      )}
      <span className="status-end">
        {running && (
          <span>
            {live && stale ? "! stale" : "running"} {running.name}{" "}
            <span className="mono" title={running.hash}>
              {shortHash(running.hash)}
            </span>
          </span>
        )}
        {data && <span>workbench {data.version}</span>}
      </span>
    </footer>
  );
}

/** What the loop has not built is the extension that is looked at. */
function runningOf(install: InstalledExtension | undefined): { name: string; hash: string } | undefined {
  return install && { name: install.extension_name, hash: install.content_hash };
}
