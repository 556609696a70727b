import type { Navigation } from "../../state/navigation.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";

/** What to do where nothing is installed. */
export function FirstExtension({ navigation }: { readonly navigation: Navigation }) {
  return (
    <>
      <p>Make an extension from a template; with the first build it is signed, published and installed.</p>
      <Button look="primary" onClick={() => navigation.go("project", { action: "create" })}>
        Create from a template
      </Button>
      <Command
        text="workbench create hello --name com.acme.hello --template full"
        what="the command that makes an extension"
      />
    </>
  );
}
