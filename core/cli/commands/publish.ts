import { stat } from "node:fs/promises";
import { MAX_SIGNATURE_BYTES } from "../../contract/limits.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { readFile, readTextIfThere } from "../files.ts";

export const registerPublish: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("publish")
    .description("verify a signed bundle and add it to the registry as a version")
    .argument(
      "<bundle-or-dir>",
      "bundle archive with its .SIGNATURE beside it, or a project folder (uses its dist/bundle.tar.zst)",
    )
    .option("--signature <file>", "signature (default: <bundle>.SIGNATURE)")
    .option("--tenant <id>", "tenant whose trust list judges the signature (default: the development tenant)")
    .addHelpText(
      "after",
      "\nA project folder must have been packed and signed before.\n\nExample:\n  workbench publish dist/bundle.tar.zst",
    );
  withCommonOptions(command).action(
    async (given: string, options: { signature?: string; tenant?: string }) => {
      const context = contextOf(command);
      await context.withWorkbench(async (workbench) => {
        const path = await bundlePath(context, given);
        const archive = await readFile(path);
        const signature = options.signature
          ? (await readFile(context.path(options.signature), MAX_SIGNATURE_BYTES)).toString("utf8")
          : await readTextIfThere(`${path}.SIGNATURE`, MAX_SIGNATURE_BYTES);
        const published = await workbench.registry.publish({
          archive,
          signature,
          tenantId: workbench.tenantId(options.tenant),
        });
        context.answer.result(
          {
            registry_id: published.registry_id,
            version_id: published.version_id,
            version: published.version,
            content_hash: published.content_hash,
          },
          () =>
            `Published ${published.version}\n${published.content_hash}\nregistry id ${published.registry_id}`,
        );
      });
    },
  );
};

async function bundlePath(context: CommandContext, given: string): Promise<string> {
  const path = context.path(given);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  const { defaultBundlePath } = await import("../../bundle/index.ts");
  return defaultBundlePath(path);
}
