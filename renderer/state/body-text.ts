/** A body as a screen can show it. */
export type BodyText =
  | { readonly kind: "empty" }
  | { readonly kind: "text"; readonly raw: string; readonly pretty: string | undefined }
  | { readonly kind: "binary"; readonly bytes: number };

/** Beyond this a body is not laid out again: pretty-printing it would freeze the page. */
export const MAX_PRETTY_CHARS = 1_000_000;

/** Reads a body as UTF-8 and, when it is JSON, indents it. Whatever the declared type: the bytes decide. */
export function readBody(body: Uint8Array): BodyText {
  if (body.length === 0) return { kind: "empty" };
  try {
    const raw = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return { kind: "text", raw, pretty: prettyJson(raw) };
  } catch {
    return { kind: "binary", bytes: body.length };
  }
}

function prettyJson(text: string): string | undefined {
  if (text.length > MAX_PRETTY_CHARS || !/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
