import type { Findable } from "../../state/search.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { findableCommands } from "./findable-commands.ts";
import { FinderDialog } from "./finder.tsx";

/** Every command that can be run now. */
export function PaletteFinder({ context }: { readonly context: WindowContext }) {
  useStore(context.commands);
  const items: readonly Findable[] = findableCommands(context);
  return (
    <FinderDialog
      label="Command palette"
      placeholder="Run a command"
      items={items}
      onClose={context.finders.close}
    />
  );
}
