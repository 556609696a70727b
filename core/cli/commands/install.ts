import { normaliseCapability } from "../../contract/capability.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { collect, collectPair } from "../options.ts";
import { readStdinLine, UsageError } from "../terminal.ts";

interface InstallOptions {
  version?: string;
  tenant?: string;
  grant?: string[];
  config?: Record<string, string>;
  secret?: Record<string, string>;
  egress?: string[];
}

export const registerInstall: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("install")
    .description("verify a published version again and install it for a tenant")
    .argument("<extension>", "name or registry id")
    .option("--version <version>", "version (default: the newest valid release)")
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .option(
      "--grant <capability>",
      "grant this capability (repeatable; default: all that the manifest asks for)",
      collect,
    )
    .option("--config <key=value>", "configuration value (repeatable)", collectPair)
    .option(
      "--secret <key=value>",
      "secret (repeatable; KEY=- reads the value from standard input)",
      collectPair,
    )
    .option("--egress <host>", "host that http.fetch may reach (repeatable)", collect)
    .addHelpText(
      "after",
      '\nA secret on the command line is seen by other programs of this machine; prefer KEY=-.\n\nExample:\n  printf %s "$TOKEN" | workbench install com.acme.hello --secret api_key=- --egress api.acme.com',
    );
  withCommonOptions(command).action(async (extension: string, options: InstallOptions) => {
    const context = contextOf(command);
    const secrets = await secretsOf(context, options.secret ?? {});
    await context.withWorkbench(async (workbench) => {
      const installed = await workbench.registry.install({
        ref: extension,
        tenantId: workbench.tenantId(options.tenant),
        ...(options.version ? { version: options.version } : {}),
        ...(options.grant ? { grants: options.grant.map(capabilityOf) } : {}),
        ...(options.config ? { config: options.config } : {}),
        ...(options.secret ? { secrets } : {}),
        ...(options.egress ? { egress: options.egress } : {}),
      });
      context.answer.result(
        installed,
        () =>
          `Installed as ${installed.install_id}\nfor tenant   ${installed.tenant_id}\ngranted      ${installed.grants.join(", ")}`,
      );
    });
  });
};

function capabilityOf(text: string) {
  const capability = normaliseCapability(text);
  if (!capability)
    throw new UsageError(
      `"${text}" is not a capability.`,
      "See the list in docs/extensions.md, for example cap:storage.kv.",
    );
  return capability;
}

async function secretsOf(
  context: CommandContext,
  given: Record<string, string>,
): Promise<Record<string, string>> {
  const fromStdin = Object.keys(given).filter((key) => given[key] === "-");
  if (fromStdin.length > 1) throw new UsageError("Only one secret can be read from standard input.");
  const [key] = fromStdin;
  return key === undefined ? given : { ...given, [key]: await readStdinLine(context.terminal) };
}
