import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readArchive, walkArchive } from "../../core/bundle/index.ts";
import { incompressible } from "../support/bytes.ts";
import { hasGnuTar, NEEDS_GNU_TAR } from "../support/gnu-tar.ts";
import { gnuLongName, paxHeader, rawArchive, rawTar, zstd } from "../support/tar.ts";
import { tempFolder } from "../support/temp.ts";

describe("reading an archive", () => {
  it("gives every file with its path, size, executable bit and bytes", async () => {
    const seen: unknown[] = [];
    await walkArchive(
      rawArchive({ path: "b.sh", data: "run", mode: 0o755 }, { path: "a.txt", data: "" }),
      async (entry) => {
        seen.push([entry.path, entry.size, entry.executable, Buffer.from(await entry.read()).toString()]);
      },
    );
    expect(seen).toEqual([
      ["b.sh", 3, true, "run"],
      ["a.txt", 0, false, ""],
    ]);
  });

  it("yields a file in chunks for those who need not hold it", async () => {
    const data = incompressible(700_000);
    let chunks = 0;
    const read: Uint8Array[] = [];
    await walkArchive(rawArchive({ path: "big", data }), async (entry) => {
      for await (const chunk of entry.chunks()) {
        chunks += 1;
        read.push(Buffer.from(chunk));
      }
    });
    expect(chunks).toBeGreaterThan(3);
    expect(Buffer.concat(read).equals(data)).toBe(true);
  });

  it("returns only the selected files and still checks the others", async () => {
    const good = rawArchive({ path: "a", data: "1" }, { path: "b", data: "2" });
    expect([...(await readArchive(good, (path) => path === "b")).keys()]).toEqual(["b"]);
    const bad = rawArchive({ path: "b", data: "2" }, { path: "../a", data: "1" });
    await expect(readArchive(bad, (path) => path === "b")).rejects.toMatchObject({ code: "path_traversal" });
  });

  it("skips what a visit leaves half read", async () => {
    const seen: string[] = [];
    const archive = rawArchive({ path: "a", data: incompressible(300_000) }, { path: "b", data: "2" });
    await walkArchive(archive, async (entry) => {
      seen.push(entry.path);
      for await (const _ of entry.chunks()) break;
    });
    expect(seen).toEqual(["a", "b"]);
  });

  it("passes on what a visit throws", async () => {
    const visit = async () => Promise.reject(new RangeError("enough"));
    await expect(walkArchive(rawArchive({ path: "a" }), visit)).rejects.toThrow("enough");
  });

  it("does not let a file be read after its visit", async () => {
    const late: (() => Promise<Uint8Array>)[] = [];
    await walkArchive(rawArchive({ path: "a", data: "1" }), async (entry) => void late.push(entry.read));
    await expect(late[0]?.()).rejects.toThrow("after its visit");
  });

  it("folds away leading ./, doubled slashes and inner dots", async () => {
    const archive = rawArchive({ path: "./", type: "5" }, { path: "./ui//./index.html", data: "x" });
    expect([...(await readArchive(archive)).keys()]).toEqual(["ui/index.html"]);
  });

  it("reads names longer than a header through prefix, pax and GNU long names", async () => {
    const long = `${"n".repeat(150)}/${"m".repeat(150)}`;
    const archive = rawArchive(
      { path: "name", prefix: "some/prefix", data: "1" },
      paxHeader([
        ["mtime", "1700000000.5"],
        ["path", `pax/${long}`],
        ["SCHILY.xattr.user.note", "ignored"],
      ]),
      { path: "short", data: "2" },
      gnuLongName(`gnu/${long}`),
      { path: "short", data: "3" },
    );
    expect([...(await readArchive(archive)).keys()]).toEqual([
      "some/prefix/name",
      `pax/${long}`,
      `gnu/${long}`,
    ]);
  });

  it("accepts the harmless global header that git writes", async () => {
    const archive = rawArchive(paxHeader([["comment", "0123456789abcdef"]], "g"), { path: "a", data: "1" });
    expect((await readArchive(archive)).size).toBe(1);
  });

  it("keeps a name like __proto__ an ordinary file", async () => {
    const files = await readArchive(rawArchive({ path: "__proto__", data: "1" }));
    expect(Buffer.from(files.get("__proto__") ?? []).toString()).toBe("1");
  });
});

/** Needs the header's prefix field, and fits into it. */
const LONG_FOLDER = "x".repeat(95);

describe("an archive packed by other tools", () => {
  beforeEach((context) => {
    if (!hasGnuTar()) context.skip(NEEDS_GNU_TAR);
  });

  const sources = () => {
    const folder = tempFolder();
    for (const inner of ["ui", "wit", "artifacts/component", "dist", `deep/${LONG_FOLDER}`]) {
      mkdirSync(join(folder, inner), { recursive: true });
    }
    writeFileSync(join(folder, "manifest.json"), "{}");
    writeFileSync(join(folder, "SIGNATURE"), "placeholder");
    writeFileSync(join(folder, "ui/index.html"), "<p>");
    writeFileSync(join(folder, "ui/日本.txt"), "text");
    writeFileSync(join(folder, "wit/world.wit"), "package a:b;");
    writeFileSync(join(folder, "dist/main.wasm"), incompressible(50_000));
    writeFileSync(join(folder, `deep/${LONG_FOLDER}/file`), "deep");
    return folder;
  };
  const EXPECTED = [
    "SIGNATURE",
    `deep/${LONG_FOLDER}/file`,
    "dist/main.wasm",
    "manifest.json",
    "ui/index.html",
    "ui/日本.txt",
    "wit/world.wit",
  ];

  it.each([
    ["gnu", ["."]],
    ["posix", ["."]],
    ["ustar", ["."]],
    ["oldgnu", ["wit", "ui", "manifest.json", "SIGNATURE", "dist", "artifacts", "deep"]],
  ])("is accepted when GNU tar wrote it in the %s format", async (format, members) => {
    const folder = sources();
    const tar = execFileSync("tar", ["-C", folder, `--format=${format}`, "-cf", "-", ...members], {
      maxBuffer: 1e8,
    });
    const files = await readArchive(zstd(tar));
    expect([...files.keys()].sort()).toEqual(EXPECTED);
    expect(Buffer.from(files.get("dist/main.wasm") ?? []).equals(incompressible(50_000))).toBe(true);
  });

  it("is accepted when the zstd command line compressed it from a pipe, without a content size", async (context) => {
    if (spawnSync("zstd", ["--version"]).status !== 0) context.skip("the zstd command is not installed here");
    const tar = execFileSync("tar", ["-C", sources(), "-cf", "-", "."], { maxBuffer: 1e8 });
    for (const flags of [["-19", "-T0"], ["--no-check"], ["--ultra", "-22"], ["-1", "--no-content-size"]]) {
      const archive = execFileSync("zstd", [...flags, "-c"], { input: tar, maxBuffer: 1e8 });
      expect([...(await readArchive(archive)).keys()].sort()).toEqual(EXPECTED);
    }
  });

  it("is refused when GNU tar packed a symbolic or a hard link", async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, "a"), "1");
    symlinkSync("a", join(folder, "b"));
    const tar = execFileSync("tar", ["-C", folder, "-cf", "-", "."], { maxBuffer: 1e8 });
    await expect(readArchive(zstd(tar))).rejects.toMatchObject({ code: "entry_is_link" });
  });

  it("is refused when GNU tar packed a sparse file", async () => {
    const folder = tempFolder();
    execFileSync("truncate", ["-s", "8M", join(folder, "hole")]);
    for (const format of ["gnu", "posix"]) {
      execFileSync("tar", ["-C", folder, "-S", `--format=${format}`, "-cf", join(folder, "t.tar"), "hole"]);
      const archive = zstd(readFileSync(join(folder, "t.tar")));
      await expect(readArchive(archive)).rejects.toMatchObject({ code: "entry_type_unsupported" });
    }
  });
});

describe("what an error says", () => {
  it("escapes control characters of a hostile name and cuts it short", async () => {
    const error = await readArchive(rawArchive({ path: "\u001b[2Jboo\u202e" })).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({
      code: "path_control_character",
      details: { path: "\\u{1b}[2Jboo\\u{202e}" },
    });
    const long = await readArchive(zstd(rawTar(gnuLongName("n".repeat(600)), { path: "n" }))).catch(
      (caught: unknown) => caught,
    );
    expect(long).toMatchObject({ code: "path_too_long", details: { path: `${"n".repeat(120)}…` } });
  });

  it("never holds the contents of a file", async () => {
    const archive = rawArchive({ path: "a", data: "SECRET" }, { path: "a", data: "SECRET" });
    const error = await readArchive(archive).catch((caught: unknown) => caught);
    expect(JSON.stringify(error)).toContain("entry_duplicate");
    expect(JSON.stringify(error)).not.toContain("SECRET");
  });

  it("keeps one wording for one code", async () => {
    const archives = [rawArchive({ path: "../a" }), rawArchive({ path: "b/../../a" })];
    const messages = await Promise.all(archives.map((a) => readArchive(a).catch((e: Error) => e.message)));
    expect(new Set(messages).size).toBe(1);
  });
});
