import type { User } from "../contract/execute.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { CustomUser, Preview, PreviewHook } from "../contract/rpc/preview.ts";

/** Nobody's id in the fixtures: an extension that stores by user keeps made-up users apart from real ones. */
const CUSTOM_USER_ID = "preview-custom-user";

/** A made-up user as the gateway knows users. */
export function customUser(custom: CustomUser, tenant: Tenant): User {
  const { user_type, user_name, user_email, client_name, client_id, roles } = custom;
  return {
    tenant_id: tenant.id,
    user_id: CUSTOM_USER_ID,
    user_type,
    user_name,
    user_email,
    client_name: client_name ?? tenant.name,
    ...(client_id === undefined ? {} : { client_id }),
    ...(roles === undefined ? {} : { roles }),
  };
}

const AUDIENCE = {
  appMenu: { user_type: "internal", menu: "the application's menu", field: "ui.hooks.appMenu" },
  clientPortalMenu: {
    user_type: "client",
    menu: "the client portal's menu",
    field: "ui.hooks.clientPortalMenu",
  },
} as const;

/** What the platform would not do as this preview does: it would not offer the UI there, or not to this user. */
export function previewWarnings(
  manifest: InstalledExtension["manifest"],
  hook: PreviewHook,
  user: Pick<User, "user_type">,
): Preview["warnings"] {
  const { user_type, menu, field } = AUDIENCE[hook];
  const warnings: { code: string; message: string; hint: string }[] = [];
  if (manifest.ui?.hooks?.[hook] === undefined) {
    warnings.push({
      code: "hook_not_declared",
      message: `The manifest has no entry in ${menu}: the platform would not offer this UI there.`,
      hint: `Add ${field}.label to manifest.json.`,
    });
  }
  if (user.user_type !== user_type) {
    warnings.push({
      code: "persona_outside_hook",
      message: `A ${user.user_type === "client" ? "client-portal" : "internal"} user does not see ${menu}.`,
      hint: "Choose another persona or another hook.",
    });
  }
  return warnings;
}
