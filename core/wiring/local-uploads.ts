import type { Workbench } from "../workbench.ts";

const SETTING = "local_upload_signing_key";

/** The key that signs what arrives unsigned over the control API, while the developer has switched that on. */
export function localUploadKeyId({ settings }: Pick<Workbench, "settings">): string | undefined {
  return settings.get(SETTING);
}

/** `null` switches it off. Throws what `Keystore.signer` throws for a key that cannot sign. */
export function setLocalUploadKey(
  { settings, keystore }: Pick<Workbench, "settings" | "keystore">,
  keyId: string | null,
): void {
  if (keyId === null) settings.remove(SETTING);
  else settings.set(SETTING, keystore.signer(keyId).keyId);
}
