import type { InstalledExtension } from "../../../core/contract/install.ts";
import { exampleCommand, exampleOf } from "../../state/example-call.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { FirstExtension } from "./first-extension.tsx";

/** How a list of calls, or of what they leave behind, gets its first line: from what is installed here. */
export function CallExample({
  context,
  isMeant = () => true,
}: {
  readonly context: WindowContext;
  /** Which of the installs would add to the list. */
  isMeant?(install: InstalledExtension): boolean;
}) {
  const { navigation, state } = context;
  const { data } = useStore(state.extensions);
  const defaultTenant = useStore(state.host).data?.tenant.id;
  const selected = useStore(state.selected);
  if (data?.length === 0) return <FirstExtension navigation={navigation} />;
  const example = data && exampleOf(data.filter(isMeant), selected);
  return (
    <>
      <Button onClick={() => navigation.go("requests")}>Send a request</Button>
      {example && (
        <Command text={exampleCommand(example, defaultTenant)} what="the command that calls an extension" />
      )}
    </>
  );
}
