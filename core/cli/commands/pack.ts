import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { bytes, count } from "../text.ts";

export const registerPack: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("pack")
    .description("pack a built project into one content-addressed bundle")
    .argument("[dir]", "project folder", ".")
    .option("-o, --output <file>", "where the bundle goes (default: <dir>/dist/bundle.tar.zst)")
    .option("--sbom", "add a CycloneDX bill of materials made from package-lock.json")
    .addHelpText("after", "\nExample:\n  workbench pack hello -o hello.tar.zst");
  withCommonOptions(command).action(async (dir: string, options: { output?: string; sbom?: boolean }) => {
    const context = contextOf(command);
    const { packProject } = await import("../../bundle/index.ts");
    const packed = await packProject({
      dir: context.path(dir),
      ...(options.output ? { outFile: context.path(options.output) } : {}),
      ...(options.sbom ? { sbom: true } : {}),
    });
    context.answer.result(
      packed,
      () =>
        `Packed ${count(packed.files)} files, ${bytes(packed.size)}\n${packed.content_hash}\n${packed.path}`,
    );
  });
};
