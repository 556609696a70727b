import { expect, test } from "vitest";
import { createBundleLoader } from "../../../core/runner/bundles/bundle-loader.ts";
import { BundleLoadError, type BundleLoadErrorCode } from "../../../core/runner/bundles/errors.ts";

const HASH = `sha256:${"0".repeat(64)}` as const;

function loaderOf(failure: BundleLoadErrorCode) {
  let preparations = 0;
  const never = () => Promise.reject(new Error("not asked for in this test"));
  const loader = createBundleLoader({
    verdicts: { require: async () => undefined },
    preparation: {
      component: async () => ({ kind: "unprepared" }),
      program: never,
      ui: never,
      uiFile: never,
    },
    preparer: {
      async prepare() {
        preparations += 1;
        throw new BundleLoadError(failure, "it cannot be prepared");
      },
    },
    maxMemoryMb: () => 256,
  });
  return { loader, preparations: () => preparations };
}

test("a component that is refused is prepared once, and refused at every call", async () => {
  const { loader, preparations } = loaderOf("bad_handler");
  for (let call = 0; call < 3; call += 1)
    await expect(loader.program(HASH, "tenant")).rejects.toMatchObject({ code: "bad_handler" });
  expect(preparations()).toBe(1);
});

test("what failed for a reason that is not in the bundle is tried again", async () => {
  const { loader, preparations } = loaderOf("internal");
  for (let call = 0; call < 3; call += 1)
    await expect(loader.program(HASH, "tenant")).rejects.toMatchObject({ code: "internal" });
  expect(preparations()).toBe(3);
});
