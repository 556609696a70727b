import { randomBytes } from "./entropy.ts";

const MAX_REQUEST_BYTES = 65_536;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  if (view.byteLength > MAX_REQUEST_BYTES) throw new RangeError(`at most ${MAX_REQUEST_BYTES} bytes at once`);
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(randomBytes(view.byteLength));
  return view;
}

/** RFC 9562, version 4. */
function randomUUID(): string {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => HEX[byte]).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    "-",
  );
}

/** The two functions that handlers use; there is no `subtle`. */
Object.assign(globalThis, { crypto: { getRandomValues, randomUUID } });
