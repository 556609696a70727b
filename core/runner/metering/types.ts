import { type BinaryReader, malformed } from "./binary-reader.ts";

/** Value types as far as the rewrite tells them apart; `reference` covers every heap type. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "reference";

const NUMBER_TYPES = new Map<number, ValueType>([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);

const REF_NULL = 0x63;
const REF = 0x64;

export function readValueType(reader: BinaryReader): ValueType {
  const code = reader.u8();
  const number = NUMBER_TYPES.get(code);
  if (number !== undefined) return number;
  if (code === REF || code === REF_NULL) reader.skipLeb();
  else if (code < 0x40 || code > 0x78) throw malformed(reader.position - 1, "unknown value type");
  return "reference";
}

const FORM_FUNC = 0x60;
const FORM_STRUCT = 0x5f;
const FORM_ARRAY = 0x5e;
const FORM_SUB = 0x50;
const FORM_SUB_FINAL = 0x4f;
const FORM_REC = 0x4e;

/** Of a function type. */
export interface Signature {
  readonly parameters: number;
  /** The type of a block with the same result, encoded; several results would need a type of their own. */
  readonly blockType: Uint8Array | undefined;
}

const NO_RESULT = Uint8Array.of(0x40);

/** By type index, `undefined` where the type is none of a function; a recursion group defines several in one entry. */
export function readTypes(reader: BinaryReader, entries: number): (Signature | undefined)[] {
  const types: (Signature | undefined)[] = [];
  for (let entry = 0; entry < entries; entry++) {
    if (reader.bytes[reader.position] === FORM_REC) {
      reader.u8();
      const members = reader.u32();
      for (let member = 0; member < members; member++) types.push(readSubType(reader));
    } else {
      types.push(readSubType(reader));
    }
  }
  return types;
}

function readSubType(reader: BinaryReader): Signature | undefined {
  let form = reader.u8();
  if (form === FORM_SUB || form === FORM_SUB_FINAL) {
    const supertypes = reader.u32();
    for (let i = 0; i < supertypes; i++) reader.u32();
    form = reader.u8();
  }
  if (form === FORM_FUNC) {
    const parameters = skipValueTypes(reader);
    const results = reader.position;
    const count = skipValueTypes(reader);
    // One byte of count, as there is at most one result.
    const result = reader.bytes.subarray(results + 1, reader.position);
    return { parameters, blockType: count === 0 ? NO_RESULT : count === 1 ? result : undefined };
  }
  if (form === FORM_STRUCT) {
    const fields = reader.u32();
    for (let i = 0; i < fields; i++) skipField(reader);
  } else if (form === FORM_ARRAY) {
    skipField(reader);
  } else {
    throw malformed(reader.position - 1, "unknown type form");
  }
  return undefined;
}

function skipValueTypes(reader: BinaryReader): number {
  const count = reader.u32();
  for (let i = 0; i < count; i++) readValueType(reader);
  return count;
}

/** Packed storage types (i8, i16) are single bytes in the range of the reference types. */
function skipField(reader: BinaryReader): void {
  readValueType(reader);
  reader.u8();
}
