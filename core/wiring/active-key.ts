import type { Workbench } from "../workbench.ts";

const SETTING = "active_signing_key_id";

type Parts = Pick<Workbench, "keystore" | "settings">;

/** The key that signs unless another is named: the one chosen, else the development key; `undefined` when neither is there. */
export function activeKeyId({ keystore, settings }: Parts): string | undefined {
  const here = new Set(keystore.list().map(({ id }) => id));
  return [settings.get(SETTING), developmentKeyId(settings)].find((id) => id !== undefined && here.has(id));
}

/** Throws what `Keystore.signer` throws for a key that nobody would accept a signature of. */
export function activateKey({ keystore, settings }: Parts, keyId: string): void {
  keystore.signer(keyId);
  settings.set(SETTING, keyId);
}

/** To be called when a key goes: what follows is the development key again. */
export function forgetActiveKey({ settings }: Pick<Parts, "settings">, keyId: string): void {
  if (settings.get(SETTING) === keyId) settings.remove(SETTING);
}

/** The key that the workbench made by itself, if it did. */
export function developmentKeyId(settings: Parts["settings"]): string | undefined {
  return settings.get("development_key_id");
}
