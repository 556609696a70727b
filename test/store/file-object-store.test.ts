import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { MAX_ARCHIVE_BYTES, MAX_SIGNATURE_BYTES } from "../../core/contract/limits.ts";
import { contentHashOf } from "../../core/platform/content-hash.ts";
import { createFileObjectStore, StoreError } from "../../core/store/index.ts";
import { incompressible, text } from "../support/bytes.ts";
import { tempFolder } from "../support/temp.ts";

const ARCHIVE = incompressible(100_000);
const HASH = contentHashOf(ARCHIVE);
const OBJECT = join("sha256", HASH.slice("sha256:".length));
const UNKNOWN = `sha256:${"0".repeat(64)}` as const;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("storing an archive", () => {
  it("answers its content hash and puts it where the design says", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    expect(await store.putArchive(ARCHIVE)).toBe(HASH);
    expect(readFileSync(join(root, OBJECT, "bundle.tar.zst")).equals(ARCHIVE)).toBe(true);
    expect(await store.has(HASH)).toBe(true);
    expect(Buffer.from(await store.getArchive(HASH)).equals(ARCHIVE)).toBe(true);
    expect(await all(store.list())).toEqual([HASH]);
    expect(readdirSync(join(root, "staging"))).toEqual([]);
  });

  it("again is a no-op that leaves the file untouched", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    const before = statSync(join(root, OBJECT, "bundle.tar.zst"));
    expect(await store.putArchive(ARCHIVE)).toBe(HASH);
    const after = statSync(join(root, OBJECT, "bundle.tar.zst"));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it("by many writers at once ends with one good object", async () => {
    const root = tempFolder();
    const writers = Array.from({ length: 8 }, () => createFileObjectStore(root).putArchive(ARCHIVE));
    expect(new Set(await Promise.all(writers))).toEqual(new Set([HASH]));
    expect(Buffer.from(await createFileObjectStore(root).getArchive(HASH)).equals(ARCHIVE)).toBe(true);
    expect(readdirSync(join(root, "staging"))).toEqual([]);
  });

  it("over a corrupt one is refused instead of passed over", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    writeFileSync(join(root, OBJECT, "bundle.tar.zst"), "rotten");
    await expect(store.putArchive(ARCHIVE)).rejects.toMatchObject({ code: "object_corrupt" });
  });

  it("larger than a bundle may be is refused before it is written", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    const huge = new Uint8Array(MAX_ARCHIVE_BYTES + 1);
    await expect(store.putArchive(huge)).rejects.toMatchObject({ code: "object_too_large" });
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("reading an archive", () => {
  it("names the expected and the actual hash of one that changed on disk", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    const damaged = Buffer.from(ARCHIVE);
    damaged[50_000] = (damaged[50_000] ?? 0) ^ 1;
    writeFileSync(join(root, OBJECT, "bundle.tar.zst"), damaged);
    await expect(store.getArchive(HASH)).rejects.toMatchObject({
      code: "object_corrupt",
      kind: "system",
      details: { content_hash: HASH, expected: HASH, actual: contentHashOf(damaged) },
    });
  });

  it("does not load a file that has grown beyond any archive", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    execFileSync(process.execPath, [
      "-e",
      "fs.truncateSync(process.argv[1], Number(process.argv[2]))",
      join(root, OBJECT, "bundle.tar.zst"),
      String(MAX_ARCHIVE_BYTES + 1),
    ]);
    await expect(store.getArchive(HASH)).rejects.toMatchObject({
      code: "object_corrupt",
      details: { bytes: MAX_ARCHIVE_BYTES + 1 },
    });
  });

  it("says that there is none", async () => {
    const store = createFileObjectStore(join(tempFolder(), "not", "made", "yet"));
    expect(await store.has(UNKNOWN)).toBe(false);
    expect(await store.getSignature(UNKNOWN)).toBeUndefined();
    expect(await all(store.list())).toEqual([]);
    await expect(store.getArchive(UNKNOWN)).rejects.toMatchObject({ code: "object_not_found" });
    await expect(store.putSignature(UNKNOWN, "x")).rejects.toMatchObject({ code: "object_not_found" });
    await store.remove(UNKNOWN);
  });

  it.each([
    "sha256:../../../etc/passwd",
    "",
    "sha256:",
    `sha256:${"A".repeat(64)}`,
    "x/../..",
    `${UNKNOWN}\n`,
  ])("makes no path from %j", async (hash) => {
    const store = createFileObjectStore(tempFolder());
    // The type is a plain string by inference, so that untyped callers are what is tested.
    await expect(store.getArchive(hash)).rejects.toMatchObject({ code: "object_not_found" });
    await expect(store.remove(hash)).rejects.toBeInstanceOf(StoreError);
  });

  it("lists no folder that is not an object", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    mkdirSync(join(root, "sha256", "f".repeat(64)));
    mkdirSync(join(root, "sha256", "lost+found"));
    writeFileSync(join(root, "sha256", ".DS_Store"), "x");
    expect(await all(store.list())).toEqual([HASH]);
  });
});

describe("the signature beside an archive", () => {
  it("can be replaced, and leaves the archive alone", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    expect(await store.getSignature(HASH)).toBeUndefined();
    await store.putSignature(HASH, "first");
    await store.putSignature(HASH, "second");
    expect(await store.getSignature(HASH)).toBe("second");
    expect(readFileSync(join(root, OBJECT, "SIGNATURE"), "utf8")).toBe("second");
    expect(Buffer.from(await store.getArchive(HASH)).equals(ARCHIVE)).toBe(true);
  });

  it("is held to its limit when written and when read", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    await store.putSignature(HASH, "s".repeat(MAX_SIGNATURE_BYTES));
    await expect(store.putSignature(HASH, "s".repeat(MAX_SIGNATURE_BYTES + 1))).rejects.toMatchObject({
      code: "object_too_large",
    });
    writeFileSync(join(root, OBJECT, "SIGNATURE"), "s".repeat(MAX_SIGNATURE_BYTES + 1));
    await expect(store.getSignature(HASH)).rejects.toMatchObject({ code: "object_corrupt" });
  });

  it("goes with its archive", async () => {
    const root = tempFolder();
    const store = createFileObjectStore(root);
    await store.putArchive(ARCHIVE);
    await store.putSignature(HASH, "s");
    await store.remove(HASH);
    expect(await store.has(HASH)).toBe(false);
    expect(await store.getSignature(HASH)).toBeUndefined();
    expect(readdirSync(join(root, "sha256"))).toEqual([]);
    expect(readdirSync(join(root, "staging"))).toEqual([]);
  });
});

describe("what crashed writers left behind", () => {
  it("is removed on the next write when it is old, and kept while its writer may live", async () => {
    const root = tempFolder();
    mkdirSync(join(root, "staging"));
    const now = new Date("2030-01-01T12:00:00Z");
    const leftover = (name: string, minutesOld: number) => {
      writeFileSync(join(root, "staging", name), "half");
      const then = new Date(now.getTime() - minutesOld * 60_000);
      utimesSync(join(root, "staging", name), then, then);
    };
    leftover("old", 61);
    leftover("young", 59);
    await createFileObjectStore(root, { clock: { now: () => now } }).putArchive(ARCHIVE);
    expect(readdirSync(join(root, "staging"))).toEqual(["young"]);
  });
});

describe("a store that cannot be written", () => {
  it("is named as such when a file stands in its place", async () => {
    const file = join(tempFolder(), "file");
    writeFileSync(file, "");
    await expect(createFileObjectStore(file).putArchive(ARCHIVE)).rejects.toMatchObject({
      kind: "environment",
      code: expect.stringMatching(/^store_un(writ|read)able$/),
    });
  });

  it("can still be read by a process without the right to write, as the runner is", async () => {
    const root = tempFolder();
    await createFileObjectStore(root).putArchive(ARCHIVE);
    const script = `
      const { createFileObjectStore } = await import(${JSON.stringify(new URL("../../core/store/file-object-store.ts", import.meta.url).href)});
      const store = createFileObjectStore(${JSON.stringify(root)});
      const read = (await store.getArchive(${JSON.stringify(HASH)})).byteLength;
      const code = await store.putArchive(new Uint8Array(3)).then(() => "stored", (error) => error.code);
      console.log(JSON.stringify({ read, code }));`;
    const ran = spawnSync(
      process.execPath,
      ["--permission", "--allow-fs-read=*", "--input-type=module", "--eval", script],
      { encoding: "utf8" },
    );
    expect(ran.stderr).not.toContain("Error");
    expect(JSON.parse(ran.stdout)).toEqual({ read: ARCHIVE.byteLength, code: "store_unwritable" });
  });

  it("is named full when the disk is, and keeps nothing half-written", async (context) => {
    const root = tempFolder();
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", root]);
    if (mounted.status !== 0) context.skip("needs the right to mount a small file system (root on Linux)");
    onTestFinished(() => void spawnSync("umount", [root]));
    const store = createFileObjectStore(root);
    const fitting = await store.putArchive(text("fits"));
    await expect(store.putArchive(ARCHIVE)).rejects.toMatchObject({
      code: "store_full",
      kind: "environment",
    });
    expect(readdirSync(join(root, "staging"))).toEqual([]);
    expect(await all(store.list())).toEqual([fitting]);
    execFileSync("mount", ["-o", "remount,ro", root]);
    await expect(store.putArchive(text("more"))).rejects.toMatchObject({
      code: "store_unwritable",
      details: { reason: "EROFS" },
    });
    expect(Buffer.from(await store.getArchive(fitting)).toString()).toBe("fits");
  });
});
