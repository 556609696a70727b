import type { Keystore, TrustStore } from "../signing/index.ts";
import type { Settings } from "../tenants/index.ts";

const SETTING = "development_key_id";
const SUBJECT = "CN=Development key of this machine";
const VALID_DAYS = 365;

export interface DevelopmentKey {
  readonly id: string;
  /** True when this start made it. */
  readonly created: boolean;
}

/**
 * The one key that the workbench makes by itself, on the first start of `serve`, `dev` or the app, trusted for the
 * development tenant alone. It signs the sample and the turns of the loop, and nothing else.
 */
export async function ensureDevelopmentKey(options: {
  keystore: Keystore;
  trust: TrustStore;
  settings: Settings;
  tenantId: string;
  now: Date;
}): Promise<DevelopmentKey> {
  const { keystore, trust, settings, tenantId, now } = options;
  const known = settings.get(SETTING);
  const existing = keystore.list().find((key) => key.id === known);
  if (existing?.not_after && new Date(existing.not_after) > now) return { id: existing.id, created: false };
  const key = await keystore.generate({ algorithm: "ecdsa-p256", subject: SUBJECT, days: VALID_DAYS });
  await trust.add({
    pem: key.certificate_chain_pem,
    tenants: [tenantId],
    note: "Made by the workbench on first start; trusted for the development tenant only.",
  });
  settings.set(SETTING, key.id);
  return { id: key.id, created: true };
}
