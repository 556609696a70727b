import type { SecretBox } from "../platform/secret-box.ts";
import type { Settings } from "../tenants/index.ts";

const SETTING = "box_check";
const CONTEXT = "box check";

/**
 * Refuses a box that did not seal this home's secrets, before it seals anything more: a lost key file is made anew
 * without a word, and what a second key seals is lost to whoever restores the first.
 * @throws SecretBoxError `box_sealed_elsewhere`, `box_corrupt`
 */
export function requireSameBox(settings: Settings, box: SecretBox): void {
  const known = settings.get(SETTING);
  if (known === undefined) {
    settings.set(SETTING, Buffer.from(box.seal(Buffer.from(CONTEXT), CONTEXT)).toString("base64"));
  } else {
    box.open(Buffer.from(known, "base64"), CONTEXT);
  }
}
