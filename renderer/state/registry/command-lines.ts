import { commandLine } from "../command-line.ts";

interface Target {
  readonly name: string;
  readonly tenantId: string;
}

export interface SettingsWords {
  readonly version?: string | undefined;
  readonly grants?: readonly string[] | undefined;
  readonly config?: Readonly<Record<string, string | null>> | undefined;
  /** Names only: a value on a command line can be read by other programs. */
  readonly secretKeys?: readonly string[] | undefined;
  readonly egress?: readonly string[] | undefined;
}

function workbench(...words: readonly string[]): string {
  return commandLine(["workbench", ...words]);
}

function settingsWords({
  version,
  grants = [],
  config = {},
  secretKeys = [],
  egress = [],
}: SettingsWords): string[] {
  return [
    ...(version ? ["--version", version] : []),
    ...(grants.length > 0 ? ["--grant", ...grants] : []),
    ...Object.entries(config).flatMap(([key, value]) =>
      value === null ? [] : ["--config", `${key}=${value}`],
    ),
    ...secretKeys.flatMap((key) => ["--secret", `${key}=-`]),
    ...(egress.length > 0 ? ["--egress", ...egress] : []),
  ];
}

export function installCommand({ name, tenantId }: Target, settings: SettingsWords): string {
  return workbench("install", name, "--tenant", tenantId, ...settingsWords(settings));
}

export function updateCommand({ name, tenantId }: Target, settings: SettingsWords): string {
  return workbench("update", name, "--tenant", tenantId, ...settingsWords(settings));
}

export function targetCommand(verb: "enable" | "disable" | "uninstall" | "show", target: Target): string {
  return workbench(verb, target.name, "--tenant", target.tenantId);
}

export function egressCommand({ name, tenantId, forget }: Target & { readonly forget: boolean }): string {
  return workbench("egress", name, "--tenant", tenantId, ...(forget ? ["--forget"] : []));
}

export function publishCommand(
  fileName: string,
  options: { signWith?: string | undefined; tenantId: string },
): string {
  const publish = workbench("publish", fileName, "--tenant", options.tenantId);
  return options.signWith === undefined
    ? publish
    : `${workbench("sign", fileName, "--key", options.signWith)} && ${publish}`;
}
