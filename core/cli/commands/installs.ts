import { type RegisterCommand, withCommonOptions } from "../context.ts";
import {
  SECRETS_ADVICE,
  type SettingsOptions,
  settingsOf,
  withSettingsOptions,
} from "../install-settings.ts";
import { bytes, table } from "../text.ts";

interface TenantOption {
  tenant?: string;
}

const TENANT = ["--tenant <id>", "tenant (default: the development tenant)"] as const;

export const registerUninstall: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("uninstall")
    .description("remove an install with its configuration, secrets, storage and schedules")
    .argument("<extension>", "name, registry id or install id")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench uninstall com.acme.hello");
  withCommonOptions(command).action(async (extension: string, options: TenantOption) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const removed = await workbench.registry.uninstall({
        ref: extension,
        tenantId: workbench.tenantId(options.tenant),
      });
      context.answer.result(removed, () => `Uninstalled ${extension}`);
    });
  });
};

export const registerEnable: RegisterCommand = (program, contextOf) =>
  switchCommand(program, contextOf, true);
export const registerDisable: RegisterCommand = (program, contextOf) =>
  switchCommand(program, contextOf, false);

function switchCommand(...[program, contextOf, enabled]: [...Parameters<RegisterCommand>, boolean]): void {
  const name = enabled ? "enable" : "disable";
  const command = program
    .command(name)
    .description(
      enabled ? "let a disabled install answer again" : "stop an install from answering, keeping its data",
    )
    .argument("<extension>", "name, registry id or install id")
    .option(...TENANT)
    .addHelpText("after", `\nExample:\n  workbench ${name} com.acme.hello`);
  withCommonOptions(command).action(async (extension: string, options: TenantOption) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const install = await workbench.registry.setEnabled({
        ref: extension,
        tenantId: workbench.tenantId(options.tenant),
        enabled,
      });
      context.answer.result(
        { install_id: install.install_id, enabled: install.enabled },
        () => `${extension} is ${install.enabled ? "enabled" : "disabled"}`,
      );
    });
  });
}

export const registerUpdate: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("update")
    .description(
      "move an install to another version, or change its grants, configuration, secrets and egress",
    )
    .argument("<extension>", "name, registry id or install id")
    .option(
      "--version <version>",
      "version (default: the newest valid release; the present one when only settings are named)",
    )
    .option(...TENANT)
    .addHelpText(
      "after",
      `\nWhat is not named stays as it is; --egress replaces the list.\n${SECRETS_ADVICE}\n\nExample:\n  workbench update com.acme.hello --version 1.2.0 --grant cap:http.fetch`,
    );
  withSettingsOptions(command, "as they are");
  withCommonOptions(command).action(
    async (extension: string, options: TenantOption & SettingsOptions & { version?: string }) => {
      const context = contextOf(command);
      const settings = await settingsOf(context, options);
      await context.withWorkbench(async (workbench) => {
        const target = { ref: extension, tenantId: workbench.tenantId(options.tenant) };
        const isSettingsOnly = options.version === undefined && Object.keys(settings).length > 0;
        const version = isSettingsOnly ? workbench.registry.getInstall(target).version : options.version;
        const install = await workbench.registry.update({
          ...settings,
          ...target,
          ...(version ? { version } : {}),
        });
        context.answer.result(install, () => `${install.extension_name} is at ${install.version}`);
      });
    },
  );
};

export const registerList: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("list")
    .description("list published extensions and the installs of a tenant")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench list --json");
  withCommonOptions(command).action(async (options: TenantOption) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const extensions = workbench.registry.listExtensions();
      const installs = workbench.registry.listInstalls(workbench.tenantId(options.tenant));
      context.answer.result({ extensions, installs }, () =>
        [
          "Published",
          table(
            ["name", "versions", "registry id"],
            extensions.map((entry) => [
              entry.name,
              entry.versions
                .map(
                  (version) =>
                    `${version.version}${version.status === "valid" ? "" : ` (${version.status})`}`,
                )
                .join(" "),
              entry.registry_id,
            ]),
          ),
          "",
          "Installed",
          table(
            ["name", "version", "state", "content hash", "install id"],
            installs.map((install) => [
              install.extension_name,
              install.version,
              install.version_status === "invalid"
                ? `invalid: ${install.invalid_code}`
                : install.enabled
                  ? "enabled"
                  : "disabled",
              install.content_hash.slice(0, 19),
              install.install_id,
            ]),
          ),
        ].join("\n"),
      );
    });
  });
};

export const registerShow: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("show")
    .description("show one extension: versions, signer, install, grants, configuration, names of its secrets")
    .argument("<extension>", "name, registry id or install id")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench show com.acme.hello");
  withCommonOptions(command).action(async (extension: string, options: TenantOption) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const tenantId = workbench.tenantId(options.tenant);
      const shown = workbench.registry.getExtension(extension);
      const install = workbench.registry.resolveInstall(tenantId, extension)
        ? workbench.registry.getInstall({ ref: extension, tenantId })
        : undefined;
      const secretKeys = install?.secret_keys ?? [];
      context.answer.result({ extension: shown, install: install ?? null }, () =>
        [
          `${shown.name}  ${shown.registry_id}`,
          "",
          table(
            ["version", "status", "content hash", "size", "signer"],
            shown.versions.map((version) => [
              version.version,
              version.status,
              version.content_hash,
              bytes(version.size),
              version.signer?.subject ?? "unsigned",
            ]),
          ),
          "",
          ...(install
            ? [
                `installed  ${install.version} ${install.enabled ? "enabled" : "disabled"} as ${install.install_id}`,
                `granted    ${install.granted_capabilities.join(", ")}`,
                `egress     ${install.egress_allowlist.join(", ") || "none"}`,
                `config     ${Object.keys(install.config).join(", ") || "none"}`,
                `secrets    ${secretKeys.join(", ") || "none"}`,
              ]
            : ["not installed for this tenant"]),
        ].join("\n"),
      );
    });
  });
};
