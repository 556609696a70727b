import { describe, expect, it } from "vitest";
import { findTab } from "../../renderer/tab.ts";
import { createMemoryStorage } from "./storage.ts";

// Node has the browser's own lock manager, for this process alone.
const { locks } = navigator;

function tabOf(storage = createMemoryStorage(), newId = () => crypto.randomUUID()) {
  return findTab({ storage, locks, newId }).then((tab) => ({ tab, storage }));
}

describe("a tab", () => {
  it("keeps its id, and sees the other tabs that are open", async () => {
    const [one, two] = [await tabOf(), await tabOf()];
    expect(one.storage.getItem("workbench.tab")).toBe(one.tab.id);
    const open = await one.tab.open();
    expect([open.has(one.tab.id), open.has(two.tab.id), open.has("gone")]).toEqual([true, true, false]);
  });

  it("has the id of before when it is loaded again, since its page before let go", async () => {
    const storage = createMemoryStorage({ "workbench.tab": "of-the-page-before" });
    expect((await tabOf(storage)).tab.id).toBe("of-the-page-before");
  });

  it("gets an id of its own when it is the copy of one that is open", async () => {
    const { tab, storage } = await tabOf();
    const copy = await tabOf(createMemoryStorage(Object.fromEntries(storage.kept)));
    expect(copy.tab.id).not.toBe(tab.id);
    expect(copy.storage.getItem("workbench.tab")).toBe(copy.tab.id);
  });
});
