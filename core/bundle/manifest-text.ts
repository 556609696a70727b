import { MANIFEST_FILE } from "../contract/bundle-path.ts";
import { readArchive } from "./archive-reader.ts";

/** Text of an archive's own manifest; empty when it has none. Throws what `readArchive` throws. */
export async function readManifestText(archive: Uint8Array): Promise<string> {
  const files = await readArchive(archive, (path) => path === MANIFEST_FILE);
  return new TextDecoder().decode(files.get(MANIFEST_FILE));
}
