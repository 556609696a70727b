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

/** How many type indices the type section defines; a recursion group defines several in one entry. */
export function countTypes(reader: BinaryReader, entries: number): number {
  let types = 0;
  for (let entry = 0; entry < entries; entry++) {
    if (reader.bytes[reader.position] === FORM_REC) {
      reader.u8();
      const members = reader.u32();
      for (let member = 0; member < members; member++) skipSubType(reader);
      types += members;
    } else {
      skipSubType(reader);
      types++;
    }
  }
  return types;
}

function skipSubType(reader: BinaryReader): void {
  let form = reader.u8();
  if (form === FORM_SUB || form === FORM_SUB_FINAL) {
    const supertypes = reader.u32();
    for (let i = 0; i < supertypes; i++) reader.u32();
    form = reader.u8();
  }
  if (form === FORM_FUNC) {
    skipValueTypes(reader);
    skipValueTypes(reader);
  } else if (form === FORM_STRUCT) {
    const fields = reader.u32();
    for (let i = 0; i < fields; i++) skipField(reader);
  } else if (form === FORM_ARRAY) {
    skipField(reader);
  } else {
    throw malformed(reader.position - 1, "unknown type form");
  }
}

function skipValueTypes(reader: BinaryReader): void {
  const count = reader.u32();
  for (let i = 0; i < count; i++) readValueType(reader);
}

/** Packed storage types (i8, i16) are single bytes in the range of the reference types. */
function skipField(reader: BinaryReader): void {
  readValueType(reader);
  reader.u8();
}
