import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { readFile, writeFile } from "../files.ts";

export const registerSign: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("sign")
    .description("sign a bundle: writes a detached CMS signature to <bundle>.SIGNATURE")
    .argument("<bundle>", "bundle archive (.tar.zst)")
    .requiredOption("--key <id>", "signing key (see `workbench keys list`)")
    .addHelpText("after", "\nExample:\n  workbench sign dist/bundle.tar.zst --key my-key");
  withCommonOptions(command).action(async (bundle: string, options: { key: string }) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const path = context.path(bundle);
      const archive = await readFile(path);
      const signed = await workbench.sign(archive, options.key);
      const signaturePath = `${path}.SIGNATURE`;
      await writeFile(signaturePath, signed.signature);
      context.answer.result(
        {
          path: signaturePath,
          key_id: signed.key.id,
          content_hash: signed.contentHash,
          algorithm: signed.key.algorithm,
        },
        () =>
          `Signed ${signed.contentHash}\nwith ${signed.key.subject} (${signed.key.algorithm})\nto   ${signaturePath}`,
      );
    });
  });
};
