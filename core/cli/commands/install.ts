import { type RegisterCommand, withCommonOptions } from "../context.ts";
import {
  SECRETS_ADVICE,
  type SettingsOptions,
  settingsOf,
  withSettingsOptions,
} from "../install-settings.ts";

interface InstallOptions extends SettingsOptions {
  version?: string;
  tenant?: string;
}

export const registerInstall: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("install")
    .description("verify a published version again and install it for a tenant")
    .argument("<extension>", "name or registry id")
    .option("--version <version>", "version (default: the newest valid release)")
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .addHelpText(
      "after",
      `\n${SECRETS_ADVICE}\n\nExample:\n  printf %s "$TOKEN" | workbench install com.acme.hello --secret api_key=- --egress api.acme.com`,
    );
  withSettingsOptions(command, "all that the manifest asks for");
  withCommonOptions(command).action(async (extension: string, options: InstallOptions) => {
    const context = contextOf(command);
    const settings = await settingsOf(context, options);
    await context.withWorkbench(async (workbench) => {
      const installed = await workbench.registry.install({
        ...settings,
        ref: extension,
        tenantId: workbench.tenantId(options.tenant),
        ...(options.version ? { version: options.version } : {}),
      });
      context.answer.result(installed, () =>
        [
          `Installed as ${installed.install_id}`,
          `for tenant   ${installed.tenant_id}`,
          `granted      ${installed.grants.join(", ")}`,
          ...installed.warnings.map((warning) => `warning: ${warning}`),
        ].join("\n"),
      );
    });
  });
};
