import { constants, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { BundleError, packArchive, readArchive, walkArchive } from "../../core/bundle/index.ts";
import { incompressible, text } from "../support/bytes.ts";
import {
  END_OF_ARCHIVE,
  GNU,
  gnuLongName,
  paxHeader,
  type RawEntry,
  rawArchive,
  rawEntry,
  rawTar,
  zstd,
} from "../support/tar.ts";

const GOOD: RawEntry = { path: "manifest.json", data: "{}" };
/** Keeps an archive of something repetitive from being refused for that alone. */
const NOISE: RawEntry = { path: "noise", data: incompressible(5_000) };
const FRAME = rawArchive(GOOD);
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

async function codeOf(archive: Uint8Array): Promise<string> {
  const error = await readArchive(archive).then(
    () => "accepted",
    (caught: unknown) => caught,
  );
  if (error === "accepted") return "accepted";
  expect(error).toBeInstanceOf(BundleError);
  return error instanceof BundleError ? error.code : "foreign";
}

describe("an entry is refused", () => {
  it.each<[string, string, RawEntry | Buffer, ...(RawEntry | Buffer)[]]>([
    ["path_traversal", "climbing out", { path: "../evil" }],
    ["path_traversal", "climbing out from within", { path: "ui/../../evil" }],
    ["path_traversal", "climbing inside the bundle", { path: "ui/../manifest.json" }],
    ["path_traversal", "climbing in Windows' spelling", { path: "ui\\..\\..\\evil" }],
    ["path_traversal", "being a folder that climbs", { path: "../evil/", type: "5" }],
    ["path_traversal", "climbing by prefix", { path: "evil", prefix: ".." }],
    [
      "path_traversal",
      "climbing by a pax path over an innocent name",
      paxHeader([["path", "../evil"]]),
      GOOD,
    ],
    ["path_traversal", "climbing by a GNU long name", gnuLongName("../evil"), GOOD],
    ["path_absolute", "a POSIX root", { path: "/etc/passwd" }],
    ["path_absolute", "a POSIX root by pax", paxHeader([["path", "/etc/passwd"]]), GOOD],
    ["path_absolute", "a drive", { path: "C:/Windows/evil" }],
    ["path_absolute", "a drive's own folder", { path: "c:evil" }],
    ["path_absolute", "a UNC share", { path: "\\\\server\\share" }],
    ["path_absolute", "a device path", { path: "//?/C:/evil" }],
    ["path_backslash", "a backslash", { path: "ui\\index.html" }],
    ["path_control_character", "a line break", { path: "a\nb" }],
    ["path_control_character", "an escape sequence", { path: "a\u001b[31m" }],
    ["path_control_character", "a direction mark", { path: "exe\u202Egpj.js" }],
    ["path_control_character", "a NUL by pax", paxHeader([["path", "manifest.json\0.png"]]), GOOD],
    ["path_not_utf8", "not UTF-8", { path: Uint8Array.of(0x61, 0xff, 0x62) }],
    ["path_not_utf8", "an overlong slash", { path: Uint8Array.of(0x2e, 0x2e, 0xc0, 0xaf, 0x61) }],
    ["path_not_utf8", "not UTF-8 by pax", paxHeader([["path", Uint8Array.of(0x61, 0xff)]]), GOOD],
    ["path_empty", "no name", { path: "" }],
    ["path_empty", "a dot as name", { path: "." }],
    ["entry_is_link", "a symbolic link", { path: "a", type: "2", linkTarget: "/etc/passwd" }],
    ["entry_is_link", "a hard link", { path: "a", type: "1", linkTarget: "manifest.json" }],
    ["entry_is_link", "a GNU long link", rawEntry({ path: "././@LongLink", type: "K", data: "x\0" }), GOOD],
    ["entry_is_device", "a character device", { path: "a", type: "3" }],
    ["entry_is_device", "a block device", { path: "a", type: "4" }],
    ["entry_is_device", "a pipe", { path: "a", type: "6" }],
    ["entry_type_unsupported", "a contiguous file", { path: "a", type: "7" }],
    ["entry_type_unsupported", "a GNU sparse file", { path: "a", type: "S", magic: GNU }],
    ["entry_type_unsupported", "a multi-volume part", { path: "a", type: "M", magic: GNU }],
    ["entry_type_unsupported", "a volume label", { path: "a", type: "V", magic: GNU }],
    ["entry_type_unsupported", "a sparse file by pax", paxHeader([["GNU.sparse.major", "1"]]), GOOD],
    ["entry_type_unsupported", "a star sparse file", paxHeader([["SCHILY.realsize", "9"]]), GOOD],
    ["entry_duplicate", "the same path twice", GOOD, GOOD],
    ["entry_duplicate", "the same path spelled with ./", GOOD, { path: "./manifest.json" }],
    ["entry_duplicate", "the same path by pax", GOOD, paxHeader([["path", "manifest.json"]]), { path: "b" }],
    ["entry_case_collision", "another case", GOOD, { path: "Manifest.json" }],
    ["entry_case_collision", "another Unicode composition", { path: "caf\u00e9" }, { path: "cafe\u0301" }],
    ["entry_file_and_directory", "a file below a file", { path: "a" }, { path: "a/b" }],
    ["entry_file_and_directory", "a file where a file's folder is", { path: "a/b" }, { path: "a" }],
    [
      "entry_file_and_directory",
      "with neighbours in between",
      { path: "a" },
      { path: "a-b" },
      { path: "a/b/c" },
    ],
    ["entry_file_and_directory", "a file where a folder entry is", { path: "a/", type: "5" }, { path: "a" }],
    ["entry_file_and_directory", "a folder entry where a file is", { path: "a" }, { path: "a/", type: "5" }],
    ["entry_file_and_directory", "in another case", { path: "UI" }, { path: "ui/index.html" }],
  ])("with %s: %s", async (code, _reason, ...parts) => {
    expect(await codeOf(rawArchive(...parts))).toBe(code);
  });
});

describe("a tar is refused", () => {
  const tar = rawTar(GOOD, { path: "b", data: incompressible(3_000) });

  it.each<[string, string, Buffer]>([
    ["tar_corrupt", "a wrong checksum", rawTar({ path: "a", checksum: "0000001\0" })],
    ["tar_corrupt", "no checksum", rawTar({ path: "a", checksum: "zzzzzzzz" })],
    ["tar_corrupt", "an unknown format", rawTar({ path: "a", magic: "\0\0\0\0\0\0\0\0" })],
    ["tar_corrupt", "a malformed size", rawTar({ path: "a", size: "12x4567890\0" })],
    ["tar_corrupt", "a negative size", rawTar({ path: "a", size: `\u00ff${"\u00ff".repeat(11)}` })],
    ["tar_corrupt", "a malformed mode", rawTar({ path: "a", mode: "rw-r--r\0" })],
    ["tar_corrupt", "a folder with contents", rawTar({ path: "a/", type: "5", data: "x" })],
    ["tar_corrupt", "a file named like a folder, with contents", rawTar({ path: "a/", data: "x" })],
    ["tar_corrupt", "a pax size that lies", rawTar(paxHeader([["size", "0"]]), { path: "a", data: "x" })],
    ["tar_corrupt", "a malformed pax size", rawTar(paxHeader([["size", "-1"]]), { path: "a" })],
    [
      "tar_corrupt",
      "one pax attribute twice",
      rawTar(
        paxHeader([
          ["path", "a"],
          ["path", "b"],
        ]),
        { path: "c" },
      ),
    ],
    [
      "tar_corrupt",
      "two names for one entry",
      rawTar(gnuLongName("a"), paxHeader([["path", "b"]]), { path: "c" }),
    ],
    ["tar_corrupt", "a global path", rawTar(paxHeader([["path", "a"]], "g"), { path: "c" })],
    ["tar_corrupt", "a global size", rawTar(paxHeader([["size", "1"]], "g"), { path: "c", data: "x" })],
    ["tar_corrupt", "an extended header and no entry", rawTar(paxHeader([["path", "a"]]))],
    [
      "tar_corrupt",
      "a pax record without length",
      rawTar(rawEntry({ path: "p", type: "x", data: "path=a\n" })),
    ],
    [
      "tar_corrupt",
      "a pax record past its header",
      rawTar(rawEntry({ path: "p", type: "x", data: "99 path=a\n" })),
    ],
    [
      "tar_corrupt",
      "a pax record of no length",
      rawTar(rawEntry({ path: "p", type: "x", data: "0 path=a\n" })),
    ],
    [
      "tar_corrupt",
      "a pax record of negative length",
      rawTar(rawEntry({ path: "p", type: "x", data: "-9 path=a\n" })),
    ],
    ["tar_corrupt", "a pax record without key", rawTar(rawEntry({ path: "p", type: "x", data: "6 =ab\n" }))],
    [
      "tar_corrupt",
      "a pax record without line end",
      rawTar(rawEntry({ path: "p", type: "x", data: "9 path=ab" })),
    ],
    [
      "tar_header_too_large",
      "a huge pax header",
      rawTar(paxHeader([["comment", "x".repeat(70_000)]]), NOISE),
    ],
    ["tar_header_too_large", "a huge GNU long name", rawTar(gnuLongName("n".repeat(70_000)), NOISE)],
    ["path_too_long", "a long GNU name", rawTar(gnuLongName("n".repeat(60_000)), GOOD)],
    ["tar_truncated", "nothing in it", Buffer.alloc(0)],
    ["tar_truncated", "no end", tar.subarray(0, -END_OF_ARCHIVE.byteLength)],
    ["tar_truncated", "half an end", tar.subarray(0, -END_OF_ARCHIVE.byteLength / 2)],
    ["tar_truncated", "a cut in the padding", tar.subarray(0, -END_OF_ARCHIVE.byteLength - 1)],
    ["tar_truncated", "a cut in a file", tar.subarray(0, 1024 + 512 + 1_000)],
    ["tar_truncated", "a cut in a header", tar.subarray(0, 1024 + 100)],
    ["tar_truncated", "a size that lies", rawTar({ path: "a", data: "x", size: 100_000 })],
    ["tar_truncated", "a cut in a pax header", rawEntry({ path: "p", type: "x", size: 9_000, data: "x" })],
    ["tar_trailing_data", "an entry after its end", Buffer.concat([tar, rawEntry({ path: "hidden" })])],
    [
      "tar_trailing_data",
      "bytes after its end",
      Buffer.concat([tar, Buffer.alloc(10_000), Buffer.from("x")]),
    ],
    ["tar_trailing_data", "one zero block between entries", Buffer.concat([Buffer.alloc(512), tar])],
    ["entry_too_large", "a base-256 size", rawTar({ path: "a", size: `\u0080${"\u007f".repeat(11)}` })],
  ])("as %s: %s", async (code, _reason, bytes) => {
    expect(await codeOf(zstd(bytes))).toBe(code);
  });

  it("but not for the zeros with which tools pad it", async () => {
    expect(await codeOf(zstd(Buffer.concat([tar, Buffer.alloc(10_240)])))).toBe("accepted");
  });
});

describe("a compressed file is refused", () => {
  it.each<[string, string, Buffer]>([
    ["archive_truncated", "empty", Buffer.alloc(0)],
    ["archive_not_zstd", "too short to tell", Buffer.from("x")],
    ["archive_not_zstd", "a plain tar", rawTar(GOOD)],
    ["archive_not_zstd", "gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ["archive_truncated", "only a magic number", FRAME.subarray(0, 4)],
    ["archive_truncated", "cut in its header", FRAME.subarray(0, 5)],
    ["archive_truncated", "cut in a block", FRAME.subarray(0, FRAME.byteLength - 10)],
    ["archive_truncated", "cut in its checksum", FRAME.subarray(0, FRAME.byteLength - 1)],
    ["archive_not_single_frame", "two frames", Buffer.concat([FRAME, FRAME])],
    ["archive_not_single_frame", "an empty second frame", Buffer.concat([FRAME, zstd(Buffer.alloc(0))])],
    ["archive_not_single_frame", "a skippable frame before", Buffer.concat([SKIPPABLE, FRAME])],
    ["archive_not_single_frame", "a skippable frame after", Buffer.concat([FRAME, SKIPPABLE])],
    ["archive_trailing_data", "bytes after", Buffer.concat([FRAME, Buffer.from("trailing")])],
    ["archive_trailing_data", "one byte after", Buffer.concat([FRAME, Buffer.from([0])])],
    ["archive_corrupt", "a reserved header bit", patched(FRAME, 4, 0b1000)],
    ["archive_corrupt", "a wrong checksum", patched(FRAME, FRAME.byteLength - 1, 0xff)],
    ["archive_corrupt", "a reserved block type", Buffer.from("28b52ffd0058070000", "hex")],
    ["archive_needs_dictionary", "a dictionary", Buffer.from("28b52ffd0158070100000000", "hex")],
    ["archive_window_too_large", "a huge window", Buffer.from("28b52ffd00f8010000", "hex")],
  ])("as %s: %s", async (code, _reason, bytes) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  it("when its contents were changed under the checksum", async () => {
    const data = incompressible(5_000);
    const archive = rawArchive({ path: "a", data });
    const at = archive.indexOf(data.subarray(100, 120));
    expect(at).toBeGreaterThan(0);
    expect(await codeOf(patched(archive, at, 0xff))).toBe("archive_corrupt");
  });
});

describe("a bomb", () => {
  it("is left as soon as it passes a hundred times its own size", async () => {
    // Without a declared size, so that only the stream itself can give it away.
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    const tar = Buffer.concat([rawEntry({ path: "zeros", size: zeros.byteLength }), zeros, END_OF_ARCHIVE]);
    const archive = zstdCompressSync(tar, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
    let seen = 0;
    const walk = walkArchive(archive, async (entry) => {
      for await (const chunk of entry.chunks()) seen += chunk.byteLength;
    });
    await expect(walk).rejects.toMatchObject({ code: "expansion_too_large" });
    expect(seen).toBeLessThanOrEqual(archive.byteLength * 100);
  });

  it("that declares its size is refused before anything is unpacked", async () => {
    const archive = zstd(rawTar({ path: "zeros", data: Buffer.alloc(8_000_000) }));
    let visited = false;
    const walk = walkArchive(archive, async () => {
      visited = true;
    });
    await expect(walk).rejects.toMatchObject({ code: "expansion_too_large" });
    expect(visited).toBe(false);
  });

  it("of run-length blocks, 4 bytes for 128 KiB each, is left early", async () => {
    const block = Buffer.from("02001000", "hex");
    const frame: Buffer[] = [
      Buffer.from("28b52ffd0058", "hex"),
      ...Array.from({ length: 50_000 }, () => block),
    ];
    const archive = Buffer.concat([...frame, Buffer.from("010000", "hex")]);
    expect(await codeOf(archive)).toBe("expansion_too_large");
  });
});

describe("random damage", () => {
  it("never ends in anything but a clean answer or a BundleError (property)", async () => {
    const good = Buffer.from(
      await packArchive([
        { path: "manifest.json", bytes: text('{"name":"com.acme.x"}') },
        { path: "ui/index.html", bytes: text("<p>hello</p>".repeat(30)) },
        { path: `ui/${"é".repeat(120)}`, bytes: incompressible(2_000) },
      ]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.byteLength - 1), fc.nat(255)), { maxLength: 6 }),
        async (edits) => {
          const damaged = edits.reduce<Buffer>((bytes, [at, value]) => patched(bytes, at, value), good);
          expect(await codeOf(damaged)).toBeTypeOf("string");
        },
      ),
      { numRuns: 400 },
    );
  });

  it("inside the tar, under a valid frame, is refused or read, never a crash (property)", async () => {
    const good = rawTar(
      GOOD,
      paxHeader([["path", "ui/pax-name"]]),
      { path: "x", data: incompressible(700) },
      gnuLongName("ui/gnu-name"),
      { path: "y", data: "text" },
    );
    // Damaged headers get a fresh checksum half the time, so that the fields behind it are reached.
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (edits, repair) => {
          const damaged = edits.reduce<Buffer>((bytes, [at, value]) => patched(bytes, at, value), good);
          expect(await codeOf(zstd(repair ? withChecksums(damaged) : damaged))).toBeTypeOf("string");
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe("another parser", () => {
  const GOOD_TAR = rawTar(
    GOOD,
    paxHeader([["path", "ui/pax-name"]]),
    { path: "x", data: incompressible(700) },
    gnuLongName("ui/gnu-name"),
    { path: "y", data: "text" },
    { path: "n", prefix: "pre/fix", data: "z" },
  );
  /** Where a header's fields begin and end: what damage there does is what parsers disagree about. */
  const FIELDS = [0, 1, 2, 99, 100, 106, 124, 130, 134, 135, 156, 157, 257, 263, 345, 346];
  const VALUES = [0, 32, 46, 47, 48, 49, 53, 55, 57, 61, 76, 103, 120, 0x80, 0xff];
  const damage = fc.array(
    fc.tuple(fc.nat(GOOD_TAR.byteLength / 512 - 1), fc.constantFrom(...FIELDS), fc.constantFrom(...VALUES)),
    { minLength: 1, maxLength: 3 },
  );

  it("sees the same files in every damaged archive that is accepted (property)", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(damage, async (edits) => {
        const damaged = withChecksums(
          edits.reduce<Buffer>(
            (tar, [block, field, value]) => patched(tar, block * 512 + field, value),
            GOOD_TAR,
          ),
        );
        const ours = await readArchive(zstd(damaged)).catch(() => undefined);
        const theirs = ours === undefined ? undefined : await readByLibrary(damaged);
        if (ours === undefined || theirs === undefined) return;
        accepted += 1;
        expect([...ours].map(([path, bytes]) => [path, Buffer.from(bytes).toString("hex")])).toEqual(theirs);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

/** Path and contents of every file as tar-stream reads them; `undefined` where that refuses the archive. */
async function readByLibrary(tar: Buffer): Promise<[string, string][] | undefined> {
  const files: [string, string][] = [];
  const parser = extract();
  parser.end(tar);
  try {
    for await (const entry of parser) {
      const chunks: Uint8Array[] = [];
      // Yields buffers; the types only say that it is iterable.
      for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
      const path = entry.header.name
        .split("/")
        .filter((name) => name !== "" && name !== ".")
        .join("/");
      const isFile = entry.header.type === "file" && !entry.header.name.endsWith("/");
      if (isFile) files.push([path, Buffer.concat(chunks).toString("hex")]);
    }
    return files;
  } catch {
    return undefined;
  }
}

function patched(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

/** Recomputes the checksum of every block that looks like a header. */
function withChecksums(tar: Buffer): Buffer {
  const repaired = Buffer.from(tar);
  for (let at = 0; at + 512 <= repaired.byteLength; at += 512) {
    const block = repaired.subarray(at, at + 512);
    if (!block.subarray(257, 262).equals(Buffer.from("ustar"))) continue;
    block.fill(" ", 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  }
  return repaired;
}
