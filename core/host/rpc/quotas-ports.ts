import type { UsageEvent, UsageRange } from "../../contract/rpc/quotas.ts";
import type { Answers } from "./keys-ports.ts";

/** Limits, profiles and usage, as the window asks for them. */
export interface QuotasPort {
  install: Answers<"quotas.install">;
  tenant: Answers<"quotas.tenant">;
  set: Answers<"quotas.set">;
  profiles: Answers<"quotas.profiles">;
  saveProfile: Answers<"quotas.save_profile">;
  deleteProfile: Answers<"quotas.delete_profile">;
  headroom: Answers<"quotas.headroom">;
  usage(
    filter: {
      readonly tenant_id?: string | undefined;
      readonly registry_id?: string | undefined;
      readonly install_id?: string | undefined;
    },
    range: UsageRange,
    signal: AbortSignal,
  ): AsyncIterable<readonly UsageEvent[]>;
}
