import type { InstalledExtension } from "../../contract/install.ts";
import {
  type Caller,
  INSTALL_LADDER,
  type RequestPath,
  type ResolvedLimits,
  ROUTE_LADDER,
  requestPath,
} from "../../policy/index.ts";
import type { GatewayCall } from "../call.ts";
import { GatewayError } from "../errors.ts";
import type { CallJournal } from "../journal.ts";
import type { GatewayPorts } from "../ports.ts";

export interface Route {
  readonly caller: Caller;
  readonly install: InstalledExtension;
  readonly target: Extract<RequestPath, { ok: true }>;
  readonly limits: ResolvedLimits;
}

/** Which install, version and endpoint are meant, and whether this caller may use them. */
export function resolveRoute(
  ports: Pick<GatewayPorts, "installs" | "limits">,
  request: GatewayCall,
  caller: Caller,
  journal: CallJournal,
): Route {
  const install = ports.installs.resolve(caller.tenant.id, request.extension);
  if (install !== undefined) journal.resolved(install);
  journal.ask(INSTALL_LADDER, { install });
  if (install === undefined) throw GatewayError.internal("The install is unknown after resolution.");
  const target = requestPath(request.target);
  const { user, system } = caller;
  journal.ask(ROUTE_LADDER, { install, target, method: request.method, user, system });
  if (!target.ok) throw GatewayError.internal("The path is malformed after routing.");
  return {
    caller,
    install,
    target,
    limits: ports.limits(caller.tenant, install),
  };
}
