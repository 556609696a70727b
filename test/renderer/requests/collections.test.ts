import { describe, expect, it } from "vitest";
import type { RequestDraft } from "../../../renderer/state/request-draft.ts";
import { collectionFileText, readCollectionFile } from "../../../renderer/state/requests/collection-file.ts";
import { createCollections } from "../../../renderer/state/requests/collections.ts";

const draft: RequestDraft = {
  method: "POST",
  path: "/items/:id",
  params: { z: "1", a: "2", empty: "" },
  headers: [
    { name: "accept", value: "*/*", enabled: true },
    { name: "x-off", value: "1", enabled: false },
    { name: "", value: "", enabled: true },
  ],
  body: '{\n  "a": 1\n}',
};

/** The project's files as the host keeps them, with revisions. */
function project(files: Record<string, string> = {}) {
  const kept = new Map(Object.entries(files));
  const folders = new Set(Object.keys(files).map((path) => path.slice(0, path.lastIndexOf("/"))));
  const call = async (name: string, input: { path?: string; text?: string; revision?: string | null }) => {
    const path = input.path ?? "";
    if (name === "project.tree") {
      const files = [...kept.keys()].map((one) => ({ path: one, kind: "file" }));
      return {
        entries: [...[...folders].map((one) => ({ path: one, kind: "folder" })), ...files],
        truncated: false,
      };
    }
    if (name === "project.read") {
      return { path, text: kept.get(path), revision: `rev:${kept.get(path)}`, modified_at: "" };
    }
    if (name === "project.remove") {
      kept.delete(path);
      return {};
    }
    if (name === "project.make") {
      folders.add(path);
      return {};
    }
    if (!folders.has(path.slice(0, path.lastIndexOf("/")))) throw new Error("no such folder");
    const there = kept.get(path);
    if (input.revision !== (there === undefined ? null : `rev:${there}`))
      throw new Error("changed by another");
    kept.set(path, input.text ?? "");
    return { revision: "", modified_at: "" };
  };
  // The two procedures' shapes are the contract's; a real project is in the browser's tests.
  return { kept, collections: createCollections({ call: call as never }) };
}

describe("a saved request", () => {
  it("is a file of one line a header and one a line of the body, the same for the same request", () => {
    const text = collectionFileText("Add an item", draft);
    expect(text).toBe(`{
  "version": 1,
  "name": "Add an item",
  "method": "POST",
  "path": "/items/:id",
  "params": {
    "a": "2",
    "z": "1"
  },
  "headers": [
    {
      "name": "accept",
      "value": "*/*"
    },
    {
      "name": "x-off",
      "value": "1",
      "enabled": false
    }
  ],
  "body": [
    "{",
    "  \\"a\\": 1",
    "}"
  ]
}
`);
    const read = readCollectionFile(text);
    expect(read?.draft.body).toBe(draft.body);
    expect(read && collectionFileText(read.name, read.draft)).toBe(text);
  });

  it.each(["", "[]", "{}", '{"version":2,"name":"x","method":"GET","path":"/"}'])("is not %j", (text) => {
    expect(readCollectionFile(text)).toBeUndefined();
  });
});

describe("the collections of a project", () => {
  it("finds what is saved, and names files that are something else", async () => {
    const { collections } = project({
      "requests/smoke/one.json": collectionFileText("One", draft),
      "requests/smoke/broken.json": "{",
      "requests/notes.txt": "not looked at",
      "src/index.ts": "",
    });
    await collections.load();
    expect(collections.get().requests).toMatchObject([{ collection: "smoke", name: "One" }]);
    expect(collections.get().unreadable).toEqual(["requests/smoke/broken.json"]);
  });

  it("saves a new one, saves it again, and removes it", async () => {
    const { kept, collections } = project();
    expect(await collections.save("Smoke tests", "Add an item", draft)).toBe(true);
    expect(await collections.save("smoke tests", "Add an item!", { ...draft, path: "/other" })).toBe(true);
    expect([...kept.keys()]).toEqual(["requests/smoke-tests/add-an-item.json"]);
    const [saved] = collections.get().requests;
    expect(saved?.draft.path).toBe("/other");
    if (saved) await collections.remove(saved);
    expect(kept.size).toBe(0);
  });

  it("does not write over what somebody else has written meanwhile, and says so", async () => {
    const { kept, collections } = project();
    await collections.save("a", "other", draft);
    kept.set("requests/a/b.json", collectionFileText("b", draft));
    expect(await collections.save("a", "b", draft)).toBe(false);
    expect(collections.get().failure?.message).toBe("changed by another");
  });

  it("keeps paths inside its folder, whatever the names are", async () => {
    const { kept, collections } = project();
    await collections.save("../../etc", "../passwd", draft);
    expect([...kept.keys()]).toEqual(["requests/etc/passwd.json"]);
    expect(await collections.save("..", "x", draft)).toBe(false);
  });
});
