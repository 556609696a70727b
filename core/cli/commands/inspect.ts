import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { readFile } from "../files.ts";
import { bytes, oneLine, table } from "../text.ts";

export const registerInspect: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("inspect")
    .description("show what a bundle holds, without judging who signed it (that is `verify`)")
    .argument("<bundle>", "bundle archive (.tar.zst)")
    .addHelpText("after", "\nExample:\n  workbench inspect dist/bundle.tar.zst --json");
  withCommonOptions(command).action(async (bundle: string) => {
    const context = contextOf(command);
    const { inspectBundle } = await import("../../bundle/index.ts");
    const inspection = await inspectBundle(await readFile(context.path(bundle)));
    context.answer.result(inspection, () =>
      [
        `${inspection.manifest.name} ${inspection.manifest.version}`,
        `${inspection.content_hash}  ${bytes(inspection.size)}`,
        "",
        table(
          ["path", "size", "sha256"],
          inspection.files.map((file) => [file.path, bytes(file.size), file.sha256.slice(0, 16)]),
        ),
        ...(inspection.component
          ? [
              "",
              `imports: ${oneLine(inspection.component.imports.join(", ")) || "none"}`,
              `exports: ${oneLine(inspection.component.exports.join(", "))}`,
            ]
          : []),
        ...inspection.warnings.map((warning) => `warning: ${oneLine(warning.message)}`),
      ].join("\n"),
    );
  });
};
