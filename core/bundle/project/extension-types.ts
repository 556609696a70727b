import { $init, generateTypes } from "@bytecodealliance/jco-transpile/component";
import { WORLD_NAME, worldText } from "./world.ts";

const HEADER = `/**
 * TypeScript view of the world in \`resources/wit\`, for \`import … from "alga:extension/<interface>"\`.
 * Made by \`scripts/generate-extension-types.ts\`; do not edit.
 */
`;

/** The modules `alga:extension/*` as ambient declarations, in one file's text. */
export async function extensionTypes(): Promise<string> {
  await $init;
  const files = generateTypes(WORLD_NAME, {
    wit: { tag: "source", val: await worldText() },
    world: WORLD_NAME,
    guest: true,
  });
  const modules = files
    .filter(([path]) => path.startsWith("interfaces/"))
    .map(([, bytes]) =>
      new TextDecoder()
        .decode(bytes)
        .replace(/^\/\/\/ <reference.*\n/gm, "")
        .trim(),
    );
  return `${HEADER}\n${modules.sort().join("\n\n")}\n`;
}
