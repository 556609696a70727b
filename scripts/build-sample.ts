/** Builds and packs `resources/sample`, the extension that a new home folder starts with. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildProject } from "../core/bundle/project/build.ts";
import { packProject } from "../core/bundle/project/pack.ts";
import { resourcePath } from "../core/platform/resources.ts";

const dir = resourcePath("sample");
await buildProject({ dir });
const packed = await packProject({ dir, outFile: join(dir, "bundle.tar.zst") });
await rm(join(dir, "dist"), { recursive: true });
process.stdout.write(`${packed.content_hash} ${packed.size} bytes, ${packed.files} files\n`);
