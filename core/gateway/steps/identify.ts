import { type Caller, headerValues, IDENTITY_LADDER } from "../../policy/index.ts";
import type { GatewayCall } from "../call.ts";
import { credentialsOf } from "../credentials.ts";
import { GatewayError } from "../errors.ts";
import type { CallJournal } from "../journal.ts";
import type { CallerDirectory } from "../ports.ts";

/** Who calls, and that a tenant header does not say otherwise. */
export function identify(callers: CallerDirectory, request: GatewayCall, journal: CallJournal): Caller {
  const headers = request.headers ?? [];
  const { credential, key } =
    request.caller === undefined
      ? credentialsOf(headers)
      : ({ credential: "presented", key: undefined } as const);
  const caller = request.caller ?? (key === undefined ? undefined : callers.byApiKey(key));
  // A tenant mismatch is an event of the tenant whose key was used, so the journal learns of the caller first.
  if (caller !== undefined) journal.identified(caller);
  journal.ask(IDENTITY_LADDER, {
    credential,
    caller,
    claimedTenants: [...headerValues(headers, "x-tenant-id"), ...headerValues(headers, "x-alga-tenant")],
  });
  if (caller === undefined) throw GatewayError.internal("The caller is unknown after authentication.");
  return caller;
}
