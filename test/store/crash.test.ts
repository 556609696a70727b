import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createFileObjectStore } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";

const WRITER = fileURLToPath(new URL("../support/store-writer.ts", import.meta.url));
const ROUNDS = 8;

/** Lets the writer say `lines` lines, kills it in the middle of what it does next, and answers what it had said. */
async function killAfter(root: string, lines: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, root], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    said.push(line);
    if (said.length === lines) writer.kill("SIGKILL");
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, "exit");
  expect(writer.signalCode).toBe("SIGKILL");
  return said;
}

it("a writer killed at any point leaves whole objects or none, and keeps what it promised", async () => {
  const root = join(tempFolder(), "objects");
  const promised: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Three lines an object: the rounds end in the archive's write, in the signature's and between them.
    promised.push(...(await killAfter(root, 4 + round)));
  }
  const store = createFileObjectStore(root);
  const stored = new Set<string>();
  for await (const hash of store.list()) {
    await store.getArchive(hash);
    const signature = await store.getSignature(hash);
    expect([undefined, `signature one of ${hash}`, `signature two of ${hash}`]).toContain(signature);
    stored.add(hash);
  }
  for (const line of promised) {
    const [what, hash] = line.split(" ");
    if (hash === undefined) continue;
    expect(stored).toContain(hash);
    if (what === "signature") expect(await store.getSignature(hash)).toBe(`signature two of ${hash}`);
  }
  expect(stored.size).toBeGreaterThanOrEqual(ROUNDS);

  const tomorrow = { now: () => new Date(Date.now() + 24 * 60 * 60 * 1000) };
  await createFileObjectStore(root, { clock: tomorrow }).putArchive(new Uint8Array(10));
  expect(readdirSync(join(root, "staging"))).toEqual([]);
});
