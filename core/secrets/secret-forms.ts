import { Buffer } from "node:buffer";

/** A shorter value would be found in every other word. */
export const MIN_REDACTED_CHARACTERS = 6;

/**
 * The forms in which a value may stand in a text: as it is, within JSON, percent-encoded as in paths, queries and forms,
 * and as base64, also where other bytes before it (`user:` of basic credentials) have moved it.
 */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  const json = JSON.stringify(value).slice(1, -1);
  const percent = percentEncoded(value);
  const form = percent.replaceAll("%20", "+");
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const base64 = [0, 1, 2].map((offset) => movedBase64(bytes, offset));
  const forms = [
    value,
    json,
    json.replaceAll("/", "\\/"),
    percent,
    form,
    lower(percent),
    lower(form),
    encodeURI(value.toWellFormed()),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_REDACTED_CHARACTERS);
}

/** What every encoding of these bytes has when `offset` bytes come before them: the characters they alone decide. */
function movedBase64(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const isOpenEnded = (offset + bytes.byteLength) % 3 !== 0;
  // The first characters hold bits of what is before, the last one bits of what follows.
  return text.slice(offset === 0 ? 0 : offset + 1, isOpenEnded ? -1 : undefined);
}

function percentEncoded(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
