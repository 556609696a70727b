import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentHashOf, packArchive, readArchive, walkArchive } from "../../core/bundle/index.ts";
import { incompressible, text } from "../support/bytes.ts";
import { hasGnuTar, NEEDS_GNU_TAR } from "../support/gnu-tar.ts";
import { tempFolder } from "../support/temp.ts";

const FILES = [
  { path: "ui/index.html", bytes: text("<!doctype html>") },
  { path: "manifest.json", bytes: text("{}") },
  { path: "dist/main.wasm", bytes: incompressible(200_000) },
  { path: "ui/é/日本.txt", bytes: text("non-ASCII") },
  { path: "tools/run.sh", bytes: text("#!/bin/sh\n"), executable: true },
];

describe("the canonical archive", () => {
  it("has the same bytes on every call and in whatever order the files come", async () => {
    const first = await packArchive(FILES);
    const second = await packArchive(FILES.toReversed());
    expect(contentHashOf(second)).toBe(contentHashOf(first));
  });

  it("has a fixed content hash, so that a change of the canonical form cannot pass unnoticed", async () => {
    const archive = await packArchive([{ path: "manifest.json", bytes: text("{}\n") }]);
    expect(zstdDecompressSync(archive).byteLength).toBe(2048);
    expect(contentHashOf(zstdDecompressSync(archive))).toBe(
      "sha256:d029da35adf7815efb630865cc6099153a63d65934871b5dffdfb7da33d7fd5f",
    );
  });

  it("is one zstd frame with a checksum and a declared size", async () => {
    const archive = await packArchive(FILES);
    expect(Buffer.from(archive.subarray(0, 4)).toString("hex")).toBe("28b52ffd");
    const descriptor = archive[4] ?? 0;
    expect(descriptor & 0b100).toBe(0b100);
    expect(descriptor & 0b1110_0000).not.toBe(0);
  });

  it("lists in GNU tar sorted by path bytes, with epoch times, root ids and the two modes", async (context) => {
    if (!hasGnuTar()) context.skip(NEEDS_GNU_TAR);
    const file = join(tempFolder(), "bundle.tar");
    writeFileSync(file, zstdDecompressSync(await packArchive(FILES)));
    const listing = execFileSync(
      "tar",
      ["--list", "--verbose", "--numeric-owner", "--utc", "--quoting-style=literal", "--file", file],
      {
        encoding: "utf8",
        env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
      },
    );
    expect(
      listing
        .trim()
        .split("\n")
        .map((line) => line.replace(/ +/g, " ")),
    ).toEqual([
      "-rw-r--r-- 0/0 200000 1970-01-01 00:00 dist/main.wasm",
      "-rw-r--r-- 0/0 2 1970-01-01 00:00 manifest.json",
      "-rwxr-xr-x 0/0 10 1970-01-01 00:00 tools/run.sh",
      "-rw-r--r-- 0/0 15 1970-01-01 00:00 ui/index.html",
      "-rw-r--r-- 0/0 9 1970-01-01 00:00 ui/é/日本.txt",
    ]);
  });

  it("sorts by UTF-8 bytes and not by UTF-16 units", async () => {
    const paths: string[] = [];
    const archive = await packArchive([
      { path: "\u{1F600}", bytes: text("astral") },
      { path: "\uFF5E", bytes: text("basic plane, above the surrogates") },
      { path: "z", bytes: text("ascii") },
    ]);
    await walkArchive(archive, async (entry) => void paths.push(entry.path));
    expect(paths).toEqual(["z", "\uFF5E", "\u{1F600}"]);
  });

  it.each([
    ["../escape", "path_traversal"],
    ["/etc/passwd", "path_absolute"],
    ["C:/x", "path_absolute"],
    ["a\\b", "path_backslash"],
    ["a\nb", "path_control_character"],
    ["./", "path_empty"],
    ["a".repeat(513), "path_too_long"],
    ["lone\uD800surrogate", "path_not_utf8"],
  ])("refuses to pack %j", async (path, code) => {
    await expect(packArchive([{ path, bytes: text("x") }])).rejects.toMatchObject({ code });
  });

  it.each([
    [["a", "./a"], "entry_duplicate"],
    [["ui/Logo.svg", "ui/logo.svg"], "entry_case_collision"],
    [["caf\u00e9", "cafe\u0301"], "entry_case_collision"],
    [["a", "a/b"], "entry_file_and_directory"],
  ])("refuses to pack %j together", async (paths, code) => {
    await expect(packArchive(paths.map((path) => ({ path, bytes: text("x") })))).rejects.toMatchObject({
      code,
    });
  });

  it.each([
    [{ entries: 4 }, "too_many_entries"],
    [{ entryBytes: 199_999 }, "entry_too_large"],
    [{ manifestBytes: 1 }, "manifest_too_large"],
    [{ unpackedBytes: 199_999 }, "unpacked_too_large"],
    [{ archiveBytes: 1_000 }, "archive_too_large"],
  ])("refuses what its own reader would refuse: %j", async (limits, code) => {
    await expect(packArchive(FILES, { limits })).rejects.toMatchObject({ code });
  });

  it("refuses files that compress like a bomb instead of packing an archive nobody accepts", async () => {
    const zeros = { path: "ui/zeros.bin", bytes: new Uint8Array(4_000_000) };
    await expect(packArchive([zeros])).rejects.toMatchObject({ code: "expansion_too_large" });
  });

  it("is read back file by file with bytes and executable bits, whatever the files (property)", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFiles, async (files) => {
        const archive = await packArchive(files);
        expect(contentHashOf(await packArchive(files.toReversed()))).toBe(contentHashOf(archive));
        const executables = new Map<string, boolean>();
        await walkArchive(archive, async (entry) => void executables.set(entry.path, entry.executable));
        const read = await readArchive(archive);
        expect([...read.keys()]).toHaveLength(files.length);
        for (const file of files) {
          expect(Buffer.from(read.get(file.path) ?? []).equals(file.bytes)).toBe(true);
          expect(executables.get(file.path)).toBe(file.executable);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Distinct even when case is ignored, and never a folder of one another: each name carries its own number. */
const arbitraryFiles = fc
  .array(
    fc.record({
      folders: fc.array(fc.stringMatching(/^[a-z0-9 _.é日-]{1,60}$/u), { maxLength: 4 }),
      bytes: fc.uint8Array({ maxLength: 3_000 }),
      executable: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((files) =>
    files.map(({ folders, bytes, executable }, index) => ({
      path: [...folders.filter((name) => !/^\.+$/.test(name)).map((name) => `d${name}`), `f${index}`].join(
        "/",
      ),
      bytes,
      executable,
    })),
  );
