import { describe, expect, it } from "vitest";
import { fileNodes, foldersAbove } from "../../../renderer/state/project/file-nodes.ts";

describe("the file tree", () => {
  it("nests what the host lists flat", () => {
    const nodes = fileNodes([
      { path: "src", kind: "folder" },
      { path: "src/deep", kind: "folder" },
      { path: "src/deep/a.ts", kind: "file" },
      { path: "README.md", kind: "file" },
    ]);
    expect(nodes).toEqual([
      {
        value: "src",
        label: "src",
        kind: "folder",
        children: [
          {
            value: "src/deep",
            label: "deep",
            kind: "folder",
            children: [{ value: "src/deep/a.ts", label: "a.ts", kind: "file" }],
          },
        ],
      },
      { value: "README.md", label: "README.md", kind: "file" },
    ]);
  });

  it("knows every folder on the way to a file", () => {
    expect(foldersAbove("src/deep/a.ts")).toEqual(["src", "src/deep"]);
    expect(foldersAbove("README.md")).toEqual([]);
  });
});
