import { mkdirSync, writeFileSync } from "node:fs";
import { openApiDocument } from "../core/contract/openapi.ts";
import { publishedSchemas } from "../core/contract/published-schemas.ts";

// Writes resources/schemas from the contract. A test fails when the files are not what this writes.
const folder = new URL("../resources/schemas/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(publishedSchemas())) {
  writeFileSync(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
writeFileSync(
  new URL("../resources/openapi.json", import.meta.url),
  `${JSON.stringify(openApiDocument(), null, 2)}\n`,
);
