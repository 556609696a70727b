import { z } from "zod";
import type { JsonPath } from "./json-document.ts";

export interface UnknownField {
  readonly path: JsonPath;
  readonly name: string;
  /** The names that the schema knows in this place. */
  readonly known: readonly string[];
  /** What parsing does with the field. */
  readonly fate: "kept" | "ignored" | "refused";
}

/** Fields of `value` that the schema does not name, at any depth. Follows objects, arrays and what wraps them. */
export function unknownFields(schema: z.core.$ZodType, value: unknown, path: JsonPath = []): UnknownField[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => unknownFields(inner.element, item, [...path, index]));
  }
  if (!(inner instanceof z.ZodObject) || !isObject(value)) return [];
  const fate = fateOf(inner);
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  return Object.entries(value).flatMap(([name, field]) => {
    const here = [...path, name];
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return known === undefined
      ? [{ path: here, name, known: Object.keys(shape), fate }]
      : unknownFields(known, field, here);
  });
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  return schema;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fateOf(schema: z.ZodObject): UnknownField["fate"] {
  const rest = schema.def.catchall;
  if (rest === undefined) return "ignored";
  return rest instanceof z.ZodNever ? "refused" : "kept";
}
