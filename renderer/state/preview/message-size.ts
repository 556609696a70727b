/** Beyond this many values a message is not measured further: a hostile one must not cost the page its time. */
const MAX_NODES = 20_000;

export interface MessageSize {
  /** What the message holds, about: text as UTF-16, numbers as 8 bytes. */
  readonly bytes: number;
  /** False when there was more than is worth measuring. */
  readonly whole: boolean;
}

/** Measures what arrived by `postMessage`: plain data that may be deep, cyclic and huge. */
export function messageSize(message: unknown): MessageSize {
  const open: unknown[] = [message];
  const seen = new Set<object>();
  let bytes = 0;
  for (let nodes = 0; open.length > 0; nodes += 1) {
    if (nodes >= MAX_NODES) return { bytes, whole: false };
    const value = open.pop();
    bytes += ownSize(value);
    if (typeof value !== "object" || value === null || seen.has(value) || isBinary(value)) continue;
    seen.add(value);
    const keys = Object.keys(value);
    if (open.length + keys.length > MAX_NODES) return { bytes, whole: false };
    for (const key of keys) {
      bytes += key.length * 2;
      // A clone's own data properties: reading one runs no code of the sender's.
      open.push((value as Record<string, unknown>)[key]);
    }
  }
  return { bytes, whole: true };
}

function ownSize(value: unknown): number {
  if (typeof value === "string") return value.length * 2;
  if (typeof value === "object" && value !== null) return isBinary(value) ? value.byteLength : 0;
  return 8;
}

function isBinary(value: object): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** The beginning of a message as JSON, for a person to read; never more than asked for. */
export function messageText(message: unknown, maxCharacters: number): string {
  const { whole, bytes } = messageSize(message);
  if (!whole || bytes > maxCharacters * 64) return `(too large to show)`;
  try {
    const text = JSON.stringify(message, (_key, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    if (text === undefined) return String(message);
    return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
  } catch {
    return "(not JSON)";
  }
}
