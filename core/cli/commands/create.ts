import { Option } from "commander";
import { type RegisterCommand, withCommonOptions } from "../context.ts";

export const registerCreate: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("create")
    .description("create an extension project from a template")
    .argument("<dir>", "new or empty folder")
    .requiredOption("--name <name>", "reverse-domain name, such as com.acme.hello")
    .addOption(
      new Option("--template <template>", "what to start from")
        .choices(["handler", "ui", "full"])
        .default("handler"),
    )
    .addHelpText("after", "\nExample:\n  workbench create hello --name com.acme.hello --template full");
  withCommonOptions(command).action(
    async (dir: string, options: { name: string; template: "handler" | "ui" | "full" }) => {
      const context = contextOf(command);
      const { createProject } = await import("../../bundle/index.ts");
      const created = await createProject({
        dir: context.path(dir),
        name: options.name,
        template: options.template,
      });
      context.answer.result(
        { path: created.path, name: created.name },
        () => `Created ${created.name} in ${created.path}\nNext: cd ${dir} && workbench build`,
      );
    },
  );
};
