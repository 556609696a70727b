import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { UsageError } from "../terminal.ts";

export const registerUploads: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("uploads")
    .description("whether uploads without a signature are signed, and with which key")
    .option(
      "--key <id>",
      "sign them with this key: whoever has a tenant's API key then publishes in its name",
    )
    .option("--off", "refuse them")
    .addHelpText(
      "after",
      "\nThe published command line sends no signature. Without options: shows the setting.\n\nExample:\n  workbench uploads --key <id>",
    );
  withCommonOptions(command).action(async (options: { key?: string; off?: boolean }) => {
    const context = contextOf(command);
    if (options.key !== undefined && options.off) throw new UsageError("--key and --off exclude each other.");
    const { localUploadKeyId, setLocalUploadKey } = await import("../../wiring/local-uploads.ts");
    await context.withWorkbench(async (workbench) => {
      if (options.key !== undefined || options.off) setLocalUploadKey(workbench, options.key ?? null);
      const key_id = localUploadKeyId(workbench) ?? null;
      context.answer.result({ key_id }, () =>
        key_id === null
          ? "Uploads without a signature are refused."
          : `Note: uploads without a signature are signed with the key ${key_id}.`,
      );
    });
  });
};
