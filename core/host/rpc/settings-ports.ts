import type { DoctorCheck, HostSettings } from "../../contract/rpc/settings.ts";

export interface SettingsPort {
  read(): HostSettings;
  examine(): Promise<readonly DoctorCheck[]>;
  /** Errors: `tenant_not_found`, `unsigned_not_allowed`. */
  setUnsignedPolicy(tenantId: string, policy: "refuse" | "allow"): Promise<void>;
  /** Errors: those of a key that cannot sign. */
  setLocalUploadKey(keyId: string | null): void;
}
