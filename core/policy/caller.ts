import type { User } from "../contract/execute.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { SystemCaller } from "../platform/system-call.ts";
import { allow, deny, type Verdict } from "./decision.ts";

/** Who calls: a user of one tenant, or the workbench itself on the tenant's behalf. */
export interface Caller {
  readonly tenant: Tenant;
  readonly user: User;
  /** Set when no user is signed in; the extension is then told of none. */
  readonly system?: SystemCaller;
}

/** The persona of a schedule or an event: it may call every endpoint of the tenant's installs, and nothing else. */
export function systemCaller(tenant: Tenant, system: SystemCaller): Caller {
  const name = `system:${system}`;
  return {
    tenant,
    system,
    user: {
      tenant_id: tenant.id,
      user_id: name,
      user_email: "",
      user_name: name,
      user_type: "internal",
      client_name: "",
      roles: ["read", "write"],
    },
  };
}

export interface CredentialFacts {
  /** What the request carried: two different credentials are `conflicting`, an unreadable header is `malformed`. */
  readonly credential: "none" | "malformed" | "conflicting" | "presented";
  /** Whom the credential names; `undefined` when nobody. */
  readonly caller: Caller | undefined;
}

/** Says no more than "unknown" about a wrong credential, so that answers teach nothing about keys. */
export function authenticate({ credential, caller }: CredentialFacts): Verdict {
  if (credential === "none") {
    return deny("authenticate", "unauthenticated", "The request carries no credentials.");
  }
  if (credential === "conflicting") {
    return deny("authenticate", "unauthenticated", "The request carries two different credentials.");
  }
  if (credential === "malformed") {
    return deny("authenticate", "unauthenticated", "The credentials are malformed.");
  }
  if (caller === undefined) return deny("authenticate", "unauthenticated", "The credentials are unknown.");
  if (caller.system !== undefined)
    return allow("authenticate", `The workbench itself calls: its part "${caller.system}".`);
  return allow("authenticate", `Caller is ${caller.user.user_type} user ${caller.user.user_id}.`);
}

export interface TenantFacts {
  readonly caller: Caller | undefined;
  /** Every value of `x-tenant-id` and `x-alga-tenant` in the request. */
  readonly claimedTenants: readonly string[];
}

/** A tenant header may only agree with the tenant that the credential names. It never chooses one. */
export function tenantAgrees({ caller, claimedTenants }: TenantFacts): Verdict {
  if (claimedTenants.some((claimed) => claimed !== caller?.tenant.id)) {
    return deny("tenant", "tenant_mismatch", "A tenant header names another tenant than the credentials do.");
  }
  return allow(
    "tenant",
    claimedTenants.length === 0 ? "Tenant follows from the credentials." : "The tenant header agrees.",
  );
}

export interface CallerFacts {
  readonly user: User;
  readonly system?: SystemCaller | undefined;
  readonly method: string;
  readonly install: Pick<InstalledExtension, "manifest">;
}

/**
 * Internal users need the role `read` for GET and `write` for the rest; client users need the portal hook. The
 * workbench itself may call what is installed: an administrator granted that with the schedule or the subscription.
 */
export function callerMayUse({ user, system, method, install }: CallerFacts): Verdict {
  if (system !== undefined) {
    return allow("caller", `The workbench's ${system} may call every endpoint.`, `system:${system}`);
  }
  if (user.user_type === "client") {
    const source = "manifest:ui.hooks.clientPortalMenu.label";
    return install.manifest.ui?.hooks?.clientPortalMenu === undefined
      ? deny(
          "caller",
          "forbidden",
          "Client users may call only an extension that has a client portal menu.",
          source,
        )
      : allow("caller", "The extension is open to client users.", source);
  }
  const needed = method === "GET" ? "read" : "write";
  const source = "persona:roles";
  return user.roles?.includes(needed) === true
    ? allow("caller", `The user has the role ${needed}.`, source)
    : deny("caller", "forbidden", `${method} needs the role ${needed}, which the user lacks.`, source);
}
