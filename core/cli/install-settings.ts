import type { Command } from "commander";
import { normaliseCapability } from "../contract/capability.ts";
import type { InstallSettings } from "../registry/index.ts";
import type { CommandContext } from "./context.ts";
import { collect, collectPair } from "./options.ts";
import { readStdinLine, UsageError } from "./terminal.ts";

/** What an install is given besides its version; the same options for `install` and `update`. */
export interface SettingsOptions {
  grant?: string[];
  config?: Record<string, string>;
  secret?: Record<string, string>;
  egress?: string[];
}

export const SECRETS_ADVICE =
  "A secret on the command line is seen by other programs of this machine; prefer KEY=-, which reads standard input.";

export function withSettingsOptions(command: Command, grantsDefault: string): Command {
  return command
    .option(
      "--grant <capability...>",
      `grant these capabilities (repeatable; default: ${grantsDefault})`,
      collect,
    )
    .option("--config <key=value...>", "configuration values (repeatable)", collectPair)
    .option(
      "--secret <key=value...>",
      "secrets (repeatable; KEY=- reads the value from standard input)",
      collectPair,
    )
    .option("--egress <host...>", "hosts that http.fetch may reach (repeatable)", collect);
}

/** Reads the one secret that may come from standard input. */
export async function settingsOf(
  context: CommandContext,
  options: SettingsOptions,
): Promise<InstallSettings> {
  return {
    ...(options.grant ? { grants: options.grant.map(requireCapability) } : {}),
    ...(options.config ? { config: options.config } : {}),
    ...(options.secret ? { secrets: await secretsOf(context, options.secret) } : {}),
    ...(options.egress ? { egress: options.egress } : {}),
  };
}

function requireCapability(text: string): string {
  const capability = normaliseCapability(text);
  if (capability) return capability;
  throw new UsageError(
    `"${text}" is not a capability.`,
    "See the list in docs/extensions.md, for example cap:storage.kv.",
  );
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
