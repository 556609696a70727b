import { IconDeviceDesktop, IconPlayerPlay } from "@tabler/icons-react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { SCREENS } from "../../screens.ts";
import { plainEndpoint } from "../../state/example-call.ts";
import type { Navigation } from "../../state/navigation.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { FirstExtension } from "../extensions/first-extension.tsx";

/** Ships with the workbench and is installed at the first start. */
const SAMPLE = "com.example.handover-notes";

export function SampleCard({ context }: { readonly context: WindowContext }) {
  const { data, loading } = useStore(context.state.extensions);
  const install = data?.find(({ extension_name }) => extension_name === SAMPLE) ?? data?.[0];
  return (
    <section className="welcome-card" aria-labelledby="welcome-run">
      <h3 id="welcome-run">See something run</h3>
      {install === undefined ? (
        <NothingToRun isLoading={loading} navigation={context.navigation} />
      ) : (
        <RunInstall context={context} install={install} />
      )}
    </section>
  );
}

function RunInstall({
  context,
  install,
}: {
  readonly context: WindowContext;
  readonly install: InstalledExtension;
}) {
  const { navigation, state } = context;
  const name = install.manifest.display_name ?? install.extension_name;
  const endpoint = plainEndpoint(install);
  const call = async (): Promise<void> => {
    state.select(install.install_id);
    if (endpoint) state.fill(endpoint);
    navigation.go("requests", { install: install.install_id });
    // With the screen that shows the answer: the first paint does without both.
    const { requestConsoleOf } = await import("../requests/request-console-of.ts");
    if (endpoint) requestConsoleOf(context).send();
  };
  const look = (): void => {
    state.select(install.install_id);
    navigation.go("preview", { install: install.install_id });
  };
  return (
    <>
      <p>
        <strong>{name}</strong> {install.version} is signed, published and installed
        {install.enabled ? "." : ", and switched off."}
      </p>
      <div className="row-actions">
        {endpoint && (
          <Button look="primary" onClick={() => void call()}>
            <IconPlayerPlay size={14} aria-hidden /> Call {name}
          </Button>
        )}
        {install.manifest.ui !== undefined && SCREENS.has("preview") && (
          <Button onClick={look}>
            <IconDeviceDesktop size={14} aria-hidden /> Open its page
          </Button>
        )}
      </div>
      {endpoint && (
        <Command
          text={`workbench invoke ${install.extension_name} ${endpoint.method} ${endpoint.path}`}
          what={`the command that calls ${name}`}
        />
      )}
    </>
  );
}

function NothingToRun({
  isLoading,
  navigation,
}: {
  readonly isLoading: boolean;
  readonly navigation: Navigation;
}) {
  if (isLoading) return <p className="dim">Looking for what is installed…</p>;
  return (
    <>
      <p>No extension is installed.</p>
      <FirstExtension navigation={navigation} />
    </>
  );
}
