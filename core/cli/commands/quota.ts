import { type LimitOverrides, limitOverridesSchema } from "../../contract/limit-overrides.ts";
import type { InstallQuota, TenantQuota } from "../../contract/rpc/quotas.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { limitsOf, limitText } from "../quota-values.ts";
import { UsageError } from "../terminal.ts";
import { bytes, count, milliseconds, table } from "../text.ts";

const TENANT = ["--tenant <id>", "tenant (default: the development tenant)"] as const;

interface SetOptions {
  tenant?: string;
  profile?: string;
  reset?: boolean;
  shared?: boolean;
}

export const registerQuota: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("quota"))
    .description("limits in force, what has been used of them, and named profiles of them")
    .addHelpText("after", "\nExample:\n  workbench quota show com.acme.hello");
  registerShow(group, contextOf);
  registerSet(group, contextOf);
  const profiles = withCommonOptions(group.command("profiles"))
    .description("named sets of limits that an install or a tenant is set to")
    .addHelpText("after", "\nExample:\n  workbench quota profiles list");
  registerProfiles(profiles, contextOf);
};

const registerShow: RegisterCommand = (group, contextOf) => {
  const show = group
    .command("show")
    .description("show the limits of an install, where each comes from, and the usage of the current windows")
    .argument("[extension]", "name, registry id or install id (default: the tenant with all its installs)")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench quota show com.acme.hello");
  withCommonOptions(show).action(async (extension: string | undefined, options: { tenant?: string }) => {
    const context = contextOf(show);
    await context.withWorkbench(async ({ quotas, tenantId }) => {
      const tenant = tenantId(options.tenant);
      if (extension === undefined) {
        const report = quotas.tenant(tenant);
        context.answer.result(report, () => tenantText(report));
      } else {
        const report = quotas.install(tenant, extension);
        context.answer.result(report, () => installText(report));
      }
    });
  });
};

const registerSet: RegisterCommand = (group, contextOf) => {
  const set = group
    .command("set")
    .description("set limits of an install, or with --tenant alone of every install of the tenant")
    .argument("[words...]", "the extension (name, registry id or install id), then limit=value…")
    .option(...TENANT)
    .option("--profile <name>", "set to this profile; none takes it away")
    .option("--reset", "forget every figure and the profile first; with --shared, every shared figure")
    .option("--shared", "the figures count all installs together: of the extension, else of the tenant")
    .addHelpText(
      "after",
      `
An install's own figure goes before its profile's, then come the tenant's, its profile's, and the default.
A figure of none takes it away. Units: 10MiB, 5s, 600/min, 10G.

Examples:
  workbench quota set com.acme.hello timeout_ms=2s rate_per_minute=60/min
  workbench quota set com.acme.hello --profile strict
  workbench quota set --tenant <id> --shared egress_bytes_per_day=1GiB
  workbench quota set com.acme.hello --reset`,
    );
  withCommonOptions(set).action(async (words: readonly string[], options: SetOptions) => {
    const context = contextOf(set);
    const [ref, figures] = splitTarget(words);
    if (ref === undefined && options.tenant === undefined) {
      throw new UsageError("Name an extension, or a tenant with --tenant.");
    }
    const changes = changesOf(figures);
    const isEmpty = Object.keys(changes).length === 0;
    if (isEmpty && options.profile === undefined && options.reset !== true) {
      throw new UsageError("Say what to set: limit=value, --profile or --reset.");
    }
    await context.withWorkbench(async ({ quotas, tenantId }) => {
      const tenant = tenantId(options.tenant);
      quotas.set({
        tenantId: tenant,
        ref,
        ...(isEmpty ? {} : options.shared ? { shared: changes } : { limits: changes }),
        ...(options.profile === undefined
          ? {}
          : { profile: options.profile === "none" ? null : options.profile }),
        [options.shared ? "resetShared" : "reset"]: options.reset ?? false,
      });
      if (ref === undefined) {
        const report = quotas.tenant(tenant);
        context.answer.result(report, () => tenantText(report));
      } else {
        const report = quotas.install(tenant, ref);
        context.answer.result(report, () => installText(report));
      }
    });
  });
};

const registerProfiles: RegisterCommand = (profiles, contextOf) => {
  const list = profiles
    .command("list")
    .description("list the profiles with their limits and who is set to them")
    .addHelpText("after", "\nExample:\n  workbench quota profiles list");
  withCommonOptions(list).action(async () => {
    const context = contextOf(list);
    await context.withWorkbench(async ({ quotas }) => {
      const found = quotas.profiles.list();
      context.answer.result({ profiles: found }, () =>
        table(
          ["profile", "kind", "used by", "limits"],
          found.map(({ name, built_in, used_by, limits }) => [
            name,
            built_in ? "built in" : "own",
            String(used_by.length),
            limitWords(limits),
          ]),
        ),
      );
    });
  });

  const set = profiles
    .command("set")
    .description("make a profile, or replace the limits of one")
    .argument("<name>", "small letters, digits and dashes")
    .argument("<limits...>", "limit=value…")
    .addHelpText(
      "after",
      "\nExample:\n  workbench quota profiles set nightly timeout_ms=30s memory_mb=512MiB",
    );
  withCommonOptions(set).action(async (name: string, words: readonly string[]) => {
    const context = contextOf(set);
    const limits = limitsOf(words);
    await context.withWorkbench(async ({ quotas }) => {
      const saved = quotas.profiles.saveProfile(name, limitOverridesSchema.parse(limits));
      context.answer.result(saved, () => `Profile ${name}: ${limitWords(saved.limits)}`);
    });
  });

  const remove = profiles
    .command("delete")
    .description("delete a profile that nobody is set to")
    .argument("<name>", "the profile")
    .addHelpText("after", "\nExample:\n  workbench quota profiles delete nightly");
  withCommonOptions(remove).action(async (name: string) => {
    const context = contextOf(remove);
    await context.withWorkbench(async ({ quotas }) => {
      quotas.profiles.deleteProfile(name);
      context.answer.result({ name }, () => `Deleted the profile ${name}`);
    });
  });
};

/** The first word is the extension unless it is a figure. */
function splitTarget(words: readonly string[]): readonly [string | undefined, readonly string[]] {
  const [first] = words;
  return first === undefined || first.includes("=") ? [undefined, words] : [first, words.slice(1)];
}

/** `limit=none` takes a figure away. */
function changesOf(words: readonly string[]): Record<string, number | null> {
  const removed = words.filter((word) => word.endsWith("=none"));
  // The names are read as those of figures are; the smallest figure stands for none of them.
  const names = Object.keys(limitsOf(removed.map((word) => word.replace(/=none$/, "=1"))));
  return {
    ...limitsOf(words.filter((word) => !word.endsWith("=none"))),
    ...Object.fromEntries(names.map((name) => [name, null])),
  };
}

function limitWords(limits: LimitOverrides): string {
  const words = Object.entries(limits).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${limitText(name, value)}`],
  );
  return words.length === 0 ? "none" : words.join(" ");
}

function installText(report: InstallQuota): string {
  const shared = report.shared.filter(({ limits }) => Object.keys(limits).length > 0);
  return [
    `${report.extension_name}  profile ${report.profile ?? "none"}, of the tenant ${report.tenant_profile ?? "none"}`,
    "",
    table(
      ["limit", "value", "source"],
      Object.entries(report.limits).map(([name, { value, source }]) => [
        name,
        limitText(name, value),
        source,
      ]),
    ),
    ...shared.map(({ scope, limits }) => `Shared by the whole ${scope}: ${limitWords(limits)}`),
    "",
    windowTable(report.windows),
  ].join("\n");
}

function tenantText(report: TenantQuota): string {
  return [
    `${report.name}  ${report.tenant_id}  profile ${report.profile ?? "none"}`,
    `For each install: ${limitWords(report.own)}`,
    `Shared by all: ${limitWords(report.shared.limits)}`,
    "",
    windowTable(report.shared.windows),
    "",
    table(
      ["install", "profile", "calls this minute", "of", "own limits"],
      report.installs.map((install) => [
        install.extension_name,
        install.profile ?? "",
        count(install.usage.invocations),
        limitText("rate_per_minute", install.limits["rate_per_minute"]?.value ?? 0),
        limitWords(install.own),
      ]),
    ),
  ].join("\n");
}

function windowTable(windows: InstallQuota["windows"]): string {
  return table(
    ["window", "since", "calls", "errors", "refused", "CPU", "fuel", "egress"],
    windows.map(({ period, start, usage }) => [
      period,
      start,
      count(usage.invocations),
      count(usage.errors),
      count(usage.refused),
      milliseconds(usage.cpu_ms),
      count(usage.fuel),
      bytes(usage.egress_bytes),
    ]),
  );
}
