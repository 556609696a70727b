import { afterAll, describe, expect, it } from "vitest";
import { createPreparationWorker } from "../../../core/runner/bundles/preparation-worker.ts";

const preparation = createPreparationWorker({
  entry: new URL("./stuck-preparer.ts", import.meta.url),
  data: { objectsDir: "", prepared: { folder: "", key: new Uint8Array(), version: "" } },
  onDiagnostic: () => undefined,
});
afterAll(() => preparation.close());

describe("the preparation thread", () => {
  it("fails a bundle that ends it, and does what waited behind it on the next one", async () => {
    const asked = ["sha256:bad1", "sha256:good", "sha256:bad2", "sha256:other"].map((contentHash) =>
      preparation.ui({ contentHash }).then(
        ({ files }) => [...files.keys()],
        (error) => error.code,
      ),
    );
    expect(await Promise.all(asked)).toEqual(["internal", ["sha256:good"], "internal", ["sha256:other"]]);
    const later = await preparation.ui({ contentHash: "sha256:later" });
    expect([...later.files.keys()]).toEqual(["sha256:later"]);
  });
});
