import type { HostInterface } from "./dispatcher.ts";
import type { GuestScope } from "./guest-scope.ts";
import { userData } from "./user.ts";

export const userV2: HostInterface<"user-v2", GuestScope> = {
  getUser: (scope) => ({
    ...userData(scope),
    clientId: scope.user?.client_id,
    additionalFields: Object.entries(scope.user?.additional_fields ?? {}),
  }),
};
