import type { HostInterface } from "./dispatcher.ts";
import type { GuestScope } from "./guest-scope.ts";
import { HostRefusal } from "./host-outcome.ts";

export const user: HostInterface<"user", GuestScope> = {
  getUser: (scope) => userData(scope),
};

/** `user-data`: who calls, or `not-available` when nobody is signed in (a schedule). */
export function userData(scope: GuestScope) {
  const { user } = scope;
  if (user === undefined) throw new HostRefusal("not-available");
  return {
    tenantId: user.tenant_id,
    clientName: user.client_name,
    userId: user.user_id,
    userEmail: user.user_email,
    userName: user.user_name,
    userType: user.user_type,
  };
}
