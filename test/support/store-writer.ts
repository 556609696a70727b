import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { createFileObjectStore } from "../../core/store/index.ts";

// A process that writes objects until it is killed, and says each thing that it has been promised is stored.
const [root = ""] = process.argv.slice(2);
const store = createFileObjectStore(root);
for (;;) {
  const archive = randomBytes(1_000_000);
  writeSync(1, "begin\n");
  const hash = await store.putArchive(archive);
  writeSync(1, `archive ${hash}\n`);
  await store.putSignature(hash, `signature one of ${hash}`);
  await store.putSignature(hash, `signature two of ${hash}`);
  writeSync(1, `signature ${hash}\n`);
}
