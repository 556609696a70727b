import { expect, it } from "vitest";
import { editorOptions } from "../../../renderer/state/project/compiler-options.ts";

it("takes a project's settings with the numbers of the page's compiler, and leaves out what leads out of the page", () => {
  expect(
    editorOptions({
      target: "ES2022",
      jsx: "react-jsx",
      lib: ["es2022", "dom"],
      strict: false,
      noUncheckedIndexedAccess: true,
      moduleResolution: "bundler",
      outDir: "./dist",
      plugins: [{ name: "x" }],
      paths: { "@/*": ["./src/*"] },
    }),
  ).toEqual({ target: 9, jsx: 4, lib: ["es2022", "dom"], strict: false, noUncheckedIndexedAccess: true });
  expect(editorOptions({ target: "es3000", strict: 1 })).toEqual({});
});
