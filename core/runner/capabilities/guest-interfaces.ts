import { context } from "./context.ts";
import type { HostInterfaces } from "./dispatcher.ts";
import type { GuestScope } from "./guest-scope.ts";
import { logging } from "./logging.ts";
import { user } from "./user.ts";
import { userV2 } from "./user-v2.ts";
import type { InterfacesAnsweredBy } from "./world.ts";

/** Interfaces answered inside the guest's worker. */
export const guestInterfaces: HostInterfaces<InterfacesAnsweredBy<"guest">, GuestScope> = {
  context,
  logging,
  user,
  "user-v2": userV2,
};
