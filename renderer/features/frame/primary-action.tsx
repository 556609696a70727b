import { Button } from "@mantine/core";
import type { Commands } from "../../state/commands.ts";
import { useStore } from "../../ui/use-store.ts";

/** The one action of the screen that is shown, when it has one. */
export function PrimaryAction({ commands }: { readonly commands: Commands }) {
  const command = useStore(commands).findLast(({ isPrimary }) => isPrimary === true);
  return command && <Button onClick={() => command.run()}>{command.title}</Button>;
}
