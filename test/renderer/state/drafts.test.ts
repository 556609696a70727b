import { describe, expect, it } from "vitest";
import { createDrafts, draftOf, MAX_KEPT_DRAFT_CHARS } from "../../../renderer/state/drafts.ts";
import { EMPTY_DRAFT } from "../../../renderer/state/request-draft.ts";
import { createMemoryStorage } from "../storage.ts";

const typed = { ...EMPTY_DRAFT, path: "/typed" };

describe("the drafts", () => {
  it("survive a reload of the page, each with its install", () => {
    const storage = createMemoryStorage();
    createDrafts(storage).set("install-1", typed);
    const reloaded = createDrafts(storage).get();
    expect(draftOf(reloaded, "install-1")).toEqual(typed);
    expect(draftOf(reloaded, "install-2")).toEqual(EMPTY_DRAFT);
  });

  it.each(["not json", "[]", '{"install-1":{"method":"BREW"}}', "null"])(
    "begin empty over the stored text %j",
    (text) => {
      const storage = createMemoryStorage();
      createDrafts(storage).set("install-1", typed);
      const [key = ""] = storage.kept.keys();
      expect(createDrafts(createMemoryStorage({ [key]: text })).get()).toEqual({});
    },
  );

  it("stay in memory when the storage refuses them or they are too large for it", () => {
    const refusing = createDrafts({
      getItem: () => null,
      setItem: () => {
        throw new Error("full");
      },
    });
    refusing.set("install-1", typed);
    expect(draftOf(refusing.get(), "install-1")).toEqual(typed);

    const storage = createMemoryStorage();
    const large = { ...typed, body: "x".repeat(MAX_KEPT_DRAFT_CHARS) };
    const drafts = createDrafts(storage);
    drafts.set("install-1", large);
    expect(storage.kept.size).toBe(0);
    expect(draftOf(drafts.get(), "install-1")).toEqual(large);
  });
});
