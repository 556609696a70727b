import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { publishedSchemas } from "../../core/contract/published-schemas.ts";

const FOLDER = new URL("../../resources/schemas/", import.meta.url);

it.each(Object.entries(publishedSchemas()))("%s is what scripts/emit-schemas.ts writes", (name, schema) => {
  expect(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"))).toEqual(schema);
});

it("there is no other schema in the folder", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(publishedSchemas()).sort());
});

it("every field has a description, which editors show when asked about it", () => {
  const bare: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    const properties: unknown = Reflect.get(node, "properties");
    if (typeof properties === "object" && properties !== null) {
      for (const [name, property] of Object.entries(properties)) {
        if (typeof property?.description !== "string") bare.push(`${path}.${name}`);
        visit(property, `${path}.${name}`);
      }
    }
    visit(Reflect.get(node, "items"), `${path}[]`);
  };
  for (const [name, schema] of Object.entries(publishedSchemas())) visit(schema, name);
  expect(bare).toEqual([]);
});
