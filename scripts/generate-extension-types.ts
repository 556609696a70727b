/** Writes `resources/types/alga-extension.d.ts`, the TypeScript view of the world that authors import from. */
import { writeFile } from "node:fs/promises";
import { extensionTypes } from "../core/bundle/project/extension-types.ts";
import { resourcePath } from "../core/platform/resources.ts";

await writeFile(resourcePath("types", "alga-extension.d.ts"), await extensionTypes());
