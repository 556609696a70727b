import { Command } from "../../ui/command.tsx";
import { Notice } from "../../ui/notice.tsx";

/** The page was opened by its bare address: say where the whole one is. */
export function WithoutToken() {
  return (
    <main>
      <h1 className="visually-hidden">Extension Workbench</h1>
      <Notice title="This page needs the token of its host.">
        <p>
          Open the address that the host printed when it started: it ends in <code>#token=…</code>. To start a
          host that opens it for you:
        </p>
        <Command text="workbench serve --open" what="the command that starts a host" />
      </Notice>
    </main>
  );
}
