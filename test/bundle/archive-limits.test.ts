import { describe, expect, it } from "vitest";
import { type ArchiveLimits, packArchive, readArchive } from "../../core/bundle/index.ts";
import {
  MAX_ARCHIVE_ENTRIES,
  MAX_ENTRY_PATH_BYTES,
  MAX_EXPANSION_RATIO,
  MAX_MANIFEST_BYTES,
} from "../../core/contract/limits.ts";
import { incompressible } from "../support/bytes.ts";
import { gnuLongName, paxHeader, type RawEntry, rawArchive, rawTar, zstd } from "../support/tar.ts";

async function outcome(archive: Uint8Array, limits: Partial<ArchiveLimits> = {}): Promise<string> {
  return readArchive(archive, () => false, { limits }).then(
    () => "accepted",
    (error: { code?: string }) => error.code ?? "foreign",
  );
}

describe("the limits of the format, at their real figures", () => {
  it("are 20 000 entries, and not one more", async () => {
    const entries = (count: number): RawEntry[] =>
      Array.from({ length: count }, (_, index) => ({ path: `ui/${index}` }));
    const at = rawTar(...entries(MAX_ARCHIVE_ENTRIES));
    // Empty files compress to less than a hundredth; a kilobyte that does not keeps the ratio out of this test.
    const noise: RawEntry = { path: "noise", data: incompressible(300_000) };
    expect(at.byteLength).toBe(MAX_ARCHIVE_ENTRIES * 512 + 1024);
    expect(await outcome(rawArchive(noise, ...entries(MAX_ARCHIVE_ENTRIES - 1)))).toBe("accepted");
    expect(await outcome(rawArchive(noise, ...entries(MAX_ARCHIVE_ENTRIES)))).toBe("too_many_entries");
  });

  it("count folders and global headers as entries", async () => {
    const limits = { entries: 2 };
    const folder: RawEntry = { path: "ui/", type: "5" };
    const global = paxHeader([["comment", "x"]], "g");
    expect(await outcome(rawArchive(folder, { path: "a" }), limits)).toBe("accepted");
    expect(await outcome(rawArchive(folder, folder, { path: "a" }), limits)).toBe("too_many_entries");
    expect(await outcome(rawArchive(global, global, { path: "a" }), limits)).toBe("too_many_entries");
  });

  it("are 512 bytes of UTF-8 a path, counted after folding", async () => {
    const long = (bytes: number) => rawArchive(gnuLongName(`./${"é".repeat(bytes / 2)}`), { path: "x" });
    expect(await outcome(long(MAX_ENTRY_PATH_BYTES))).toBe("accepted");
    expect(await outcome(long(MAX_ENTRY_PATH_BYTES + 2))).toBe("path_too_long");
    const nested = `${"d/".repeat(255)}f`;
    expect(await outcome(rawArchive(gnuLongName(nested), { path: "x" }))).toBe("accepted");
    expect(await outcome(await packArchive([{ path: nested, bytes: incompressible(1) }]))).toBe("accepted");
  });

  it("are 1 MiB of manifest, for the manifest alone", async () => {
    const archive = (path: string, bytes: number) => rawArchive({ path, data: incompressible(bytes) });
    expect(await outcome(archive("manifest.json", MAX_MANIFEST_BYTES))).toBe("accepted");
    expect(await outcome(archive("manifest.json", MAX_MANIFEST_BYTES + 1))).toBe("manifest_too_large");
    expect(await outcome(archive("./manifest.json", MAX_MANIFEST_BYTES + 1))).toBe("manifest_too_large");
    expect(await outcome(archive("other.json", MAX_MANIFEST_BYTES + 1))).toBe("accepted");
  });

  it("are a hundred times the archive's size unpacked", async () => {
    // How many zeros fit exactly depends on the compressor: search the edge, then look at both of its sides.
    const archive = (zeros: number) =>
      rawArchive({ path: "a", data: Buffer.alloc(zeros) }, { path: "b", data: incompressible(2_000) });
    const ratio = (zeros: number) => {
      const bytes = archive(zeros);
      return (Math.ceil(zeros / 512) * 512 + 512 + 512 + 2_048 + 1_024) / bytes.byteLength;
    };
    let low = 0;
    let high = 1_000_000;
    while (high - low > 512) {
      const middle = low + Math.floor((high - low) / 1024) * 512;
      if (ratio(middle) <= MAX_EXPANSION_RATIO) low = middle;
      else high = middle;
    }
    expect(await outcome(archive(low))).toBe("accepted");
    expect(await outcome(archive(high))).toBe("expansion_too_large");
  });

  it("leave alone the padding of a tiny archive, however well it compresses", async () => {
    expect(await outcome(zstd(Buffer.concat([rawTar({ path: "a" }), Buffer.alloc(62 * 1024)])))).toBe(
      "accepted",
    );
    expect(await outcome(zstd(Buffer.concat([rawTar({ path: "a" }), Buffer.alloc(64 * 1024)])))).toBe(
      "expansion_too_large",
    );
  });
});

describe("the limits too large for a test, scaled down", () => {
  const archive = rawArchive({ path: "a", data: incompressible(10_000) });
  const unpacked = 512 + 10_240 + 1024;

  it.each<[keyof ArchiveLimits, number, string]>([
    ["archiveBytes", archive.byteLength, "archive_too_large"],
    ["unpackedBytes", unpacked, "unpacked_too_large"],
    ["entryBytes", 10_000, "entry_too_large"],
  ])("hold %s at its edge", async (limit, edge, code) => {
    expect(await outcome(archive, { [limit]: edge })).toBe("accepted");
    expect(await outcome(archive, { [limit]: edge - 1 })).toBe(code);
  });

  it("hold an extended header at its edge", async () => {
    const header = paxHeader([["comment", "x".repeat(100)]]);
    const size = Number.parseInt(header.subarray(124, 135).toString(), 8);
    const bytes = rawArchive(header, { path: "a" });
    expect(await outcome(bytes, { extendedHeaderBytes: size })).toBe("accepted");
    expect(await outcome(bytes, { extendedHeaderBytes: size - 1 })).toBe("tar_header_too_large");
  });

  it("hold the decompression window at its edge", async () => {
    // Window descriptor 0x58: 2^(10+11) = 2 MiB; one empty last block.
    const frame = Buffer.from("28b52ffd0058010000", "hex");
    expect(await outcome(frame, { windowBytes: 2 * 1024 * 1024 })).toBe("tar_truncated");
    expect(await outcome(frame, { windowBytes: 2 * 1024 * 1024 - 1 })).toBe("archive_window_too_large");
  });
});
