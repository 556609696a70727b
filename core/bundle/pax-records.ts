import { corrupt } from "./tar-header.ts";

const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;
const MAX_LENGTH_DIGITS = 8;
const DECIMAL = /^[1-9][0-9]*$/;

/**
 * The records `<length> <key>=<value>\n` of a pax extended header. Strict, because parsers that skip what they
 * do not understand disagree about which file an entry is: a malformed or repeated record is refused.
 */
export function readPaxRecords(bytes: Uint8Array, offset: number): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  let position = 0;
  while (position < bytes.byteLength) {
    const space = bytes.subarray(position, position + MAX_LENGTH_DIGITS + 1).indexOf(SPACE);
    const digits = ascii(bytes.subarray(position, position + Math.max(space, 0)));
    if (!DECIMAL.test(digits)) throw corrupt("A pax record has no length.", offset);
    const end = position + Number(digits);
    const start = position + space + 1;
    const equals = bytes.subarray(start, Math.max(start, end)).indexOf(EQUALS);
    if (end > bytes.byteLength || equals < 1 || bytes[end - 1] !== NEWLINE) {
      throw corrupt("A pax record is malformed.", offset);
    }
    const key = ascii(bytes.subarray(start, start + equals));
    if (records.has(key)) throw corrupt("A pax header names one attribute twice.", offset);
    records.set(key, bytes.subarray(start + equals + 1, end - 1));
    position = end;
  }
  return records;
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
