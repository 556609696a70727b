import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { EXIT_REFUSED } from "../exit-code.ts";
import { table } from "../text.ts";

export const registerDeprecate: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("deprecate")
    .description(
      "mark a version, or the whole extension, as no longer recommended; what is installed keeps running",
    )
    .argument("<extension>", "name or registry id")
    .option("--version <version>", "this version alone")
    .option("--undo", "take it back")
    .addHelpText("after", "\nExample:\n  workbench deprecate com.acme.hello --version 1.0.0");
  withCommonOptions(command).action(async (ref: string, options: { version?: string; undo?: boolean }) => {
    const context = contextOf(command);
    await context.withWorkbench(async ({ registry }) => {
      const { registry_id, name, deprecated } = registry.deprecate({ ref, ...options });
      const what = options.version === undefined ? name : `${name} ${options.version}`;
      context.answer.result(
        { registry_id, version: options.version, deprecated: options.undo !== true },
        () =>
          options.undo
            ? `${what} is recommended again${deprecated ? ", the extension is not" : ""}`
            : `${what} is deprecated`,
      );
    });
  });
};

export const registerReverify: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("reverify")
    .description("verify published versions again, as after a change of trust")
    .argument("[extension]", "name or registry id (default: every version of every extension)")
    .option("--version <version>", "this version alone")
    .addHelpText(
      "after",
      "\nExits 3 when a version does not verify.\n\nExample:\n  workbench reverify com.acme.hello",
    );
  withCommonOptions(command).action(async (ref: string | undefined, options: { version?: string }) => {
    const context = contextOf(command);
    await context.withWorkbench(async ({ registry }) => {
      const entries = ref === undefined ? registry.listExtensions() : [registry.getExtension(ref)];
      const versions = entries.flatMap(({ name, versions: all }) =>
        all
          .filter(({ version }) => options.version === undefined || version === options.version)
          .map(({ version_id }) => ({ name, version_id })),
      );
      const results: ({ name: string } & Awaited<ReturnType<typeof registry.reverify>>[number])[] = [];
      for (const { name, version_id } of versions) {
        const [verdict] = await registry.reverify(version_id);
        if (verdict !== undefined) results.push({ name, ...verdict });
      }
      if (results.some(({ status }) => status === "invalid")) context.setExitCode(EXIT_REFUSED);
      context.answer.result({ versions: results }, () =>
        table(
          ["extension", "version", "status", "code"],
          results.map(({ name, version, status, invalid_code }) => [
            name,
            version,
            status,
            invalid_code ?? "",
          ]),
        ),
      );
    });
  });
};
