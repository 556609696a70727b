import { describe, expect, it } from "vitest";
import { createBundleReader, packArchive } from "../../core/bundle/index.ts";
import { text } from "../support/bytes.ts";
import { rawArchive } from "../support/tar.ts";

const MANIFEST = { name: "com.acme.hello", version: "1.0.0", runtime: "wasm-js@1" };

function bundle(files: Record<string, string> = {}): Promise<Uint8Array> {
  const all = { "manifest.json": JSON.stringify(MANIFEST), ...files };
  return packArchive(Object.entries(all).map(([path, content]) => ({ path, bytes: text(content) })));
}

describe("what signing, publishing and verifying ask of a bundle", () => {
  it("is answered without decoding the component", async () => {
    const archive = await bundle({ "dist/main.wasm": "not WebAssembly", SIGNATURE: "x" });
    expect(await createBundleReader().read(archive)).toEqual({
      manifest: { ...MANIFEST, capabilities: [] },
      hasComponent: true,
      warnings: [expect.stringMatching(/^SIGNATURE: The SIGNATURE inside the archive is ignored/)],
    });
  });

  it("is a yes for a sane bundle and a reasoned no for any other bytes", async () => {
    const { check } = createBundleReader();
    expect(await check(await bundle({ "dist/main.wasm": "x" }))).toEqual({ ok: true });
    expect(await check(rawArchive({ path: "a" }))).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^manifest_missing/),
    });
    expect(await check(rawArchive({ path: "../a" }))).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^path_traversal/),
    });
    expect(await check(text("no archive at all"))).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^archive_not_zstd/),
    });
  });

  it("is asked of the bytes each time, also when they were sane before they changed in place", async () => {
    const reader = createBundleReader();
    const archive = await bundle({ "dist/main.wasm": "x" });
    await reader.requireSane(archive);
    archive.fill(0, archive.byteLength >> 1);
    await expect(reader.requireSane(archive)).rejects.toMatchObject({ code: "archive_corrupt" });
    expect(await reader.check(archive)).toMatchObject({ ok: false });
  });

  it("remembers the answers of the last archives and none of the earlier ones wrongly", async () => {
    const reader = createBundleReader();
    const archives = await Promise.all(
      Array.from({ length: 40 }, (_, index) => bundle({ "dist/main.wasm": `module ${index}` })),
    );
    for (const archive of [...archives, ...archives.toReversed()]) {
      expect((await reader.read(archive)).hasComponent).toBe(true);
      expect(JSON.parse(await reader.manifestText(archive))).toEqual(MANIFEST);
    }
    const withoutComponent = await bundle({ "ui/index.html": "<p>" });
    expect((await reader.read(withoutComponent)).hasComponent).toBe(false);
  });
});
