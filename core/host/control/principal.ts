import type { Context } from "hono";
import type { Tenant } from "../../contract/install.ts";
import type { Caller } from "../../policy/index.ts";
import { HostError } from "../errors.ts";
import type { HostPorts } from "../ports.ts";
import { bearerOf, isSameSecret } from "../token.ts";

/** On whose behalf a control request acts. */
export interface Principal {
  readonly tenant: Tenant;
  /** True for the host's own token, which is no tenant's. */
  readonly isOperator: boolean;
}

/**
 * Either a tenant's API key (`x-api-key`, or as a bearer token), with which `x-tenant-id` may only agree; or the host's
 * own token, with which `x-tenant-id` chooses the tenant (default: the default one).
 * @param needs role that an API key's user must have
 */
export function principalOf(
  context: Context,
  ports: Pick<HostPorts, "callers" | "tenants">,
  token: string,
  needs: "read" | "write",
): Principal {
  const bearer = bearerOf(context);
  const apiKey = context.req.header("x-api-key");
  const key = apiKey ?? bearer;
  const claimed = context.req.header("x-tenant-id");
  // As at the gateway: which of two counts would be each hop's own opinion.
  if (apiKey !== undefined && bearer !== undefined && bearer !== apiKey) {
    throw new HostError({
      code: "unauthenticated",
      kind: "refused",
      message: "The request carries two different credentials.",
    });
  }
  if (apiKey === undefined && bearer !== undefined && isSameSecret(bearer, token)) {
    return { tenant: operatedTenant(ports, claimed), isOperator: true };
  }
  const caller = key === undefined ? undefined : ports.callers.byApiKey(key);
  if (caller === undefined) {
    throw new HostError({
      code: "unauthenticated",
      kind: "refused",
      message: key === undefined ? "The request carries no credentials." : "The credentials are unknown.",
      hint: "Send a tenant's API key as x-api-key.",
    });
  }
  if (claimed !== undefined && claimed !== caller.tenant.id) {
    throw new HostError({
      code: "tenant_mismatch",
      kind: "refused",
      message: "x-tenant-id names another tenant than the API key does.",
    });
  }
  requireRole(caller, needs);
  return { tenant: caller.tenant, isOperator: false };
}

function operatedTenant(ports: Pick<HostPorts, "callers" | "tenants">, claimed: string | undefined): Tenant {
  const tenant = claimed === undefined ? ports.callers.persona({})?.tenant : ports.tenants.get(claimed);
  if (tenant === undefined) {
    throw new HostError({ code: "tenant_mismatch", kind: "refused", message: "There is no such tenant." });
  }
  return tenant;
}

function requireRole({ user }: Caller, needs: "read" | "write"): void {
  if (user.user_type === "internal" && user.roles?.includes(needs) === true) return;
  throw new HostError({
    code: "forbidden",
    kind: "refused",
    message: `This needs an internal user with the role ${needs}.`,
  });
}
