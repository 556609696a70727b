import { describe, expect, it } from "vitest";
import { createDocuments } from "../../../renderer/state/project/documents.ts";
import { createDisk } from "./disk.ts";

async function opened(text = "one") {
  const disk = createDisk({ "a.ts": text, "b.ts": "b" });
  const documents = createDocuments(disk);
  await documents.open("a.ts");
  return { disk, documents, a: () => documents.find("a.ts") };
}

describe("the open files", () => {
  it("know what is not saved, and save it once", async () => {
    const { disk, documents, a } = await opened();
    expect(documents.dirty()).toEqual([]);
    documents.edit("a.ts", "two");
    expect(documents.dirty().map(({ path }) => path)).toEqual(["a.ts"]);
    expect(await documents.save("a.ts")).toBe(true);
    expect(disk.texts.get("a.ts")).toBe("two");
    expect(documents.dirty()).toEqual([]);
    expect(a()?.version).toBe(1);
  });

  it("keep what is typed while a save is under way", async () => {
    const { disk, documents, a } = await opened();
    documents.edit("a.ts", "two");
    const saving = documents.save("a.ts");
    documents.edit("a.ts", "two and more");
    await saving;
    expect(disk.texts.get("a.ts")).toBe("two");
    expect(a()).toMatchObject({ text: "two and more", saved: "two" });
    expect(await documents.save("a.ts")).toBe(true);
    expect(disk.texts.get("a.ts")).toBe("two and more");
  });

  it("follow the disk while nothing is typed, and make a conflict of it when something is", async () => {
    const { disk, documents, a } = await opened();
    disk.texts.set("a.ts", "theirs");
    await documents.refresh(["a.ts"]);
    expect(a()).toMatchObject({ text: "theirs", outside: undefined, version: 2 });
    documents.edit("a.ts", "mine");
    disk.texts.set("a.ts", "theirs again");
    await documents.refresh(["a.ts"]);
    expect(a()).toMatchObject({ text: "mine", outside: { kind: "changed", text: "theirs again" } });
  });

  it("never overwrite what was changed outside until they are told to", async () => {
    const { disk, documents, a } = await opened();
    documents.edit("a.ts", "mine");
    disk.texts.set("a.ts", "theirs");
    expect(await documents.save("a.ts")).toBe(false);
    expect(disk.texts.get("a.ts")).toBe("theirs");
    expect(a()?.outside).toEqual({ kind: "changed", text: "theirs", revision: "r:theirs" });
    documents.keepMine("a.ts");
    expect(await documents.save("a.ts")).toBe(true);
    expect(disk.texts.get("a.ts")).toBe("mine");
  });

  it("take the disk's text when that is wanted", async () => {
    const { disk, documents, a } = await opened();
    documents.edit("a.ts", "mine");
    disk.texts.set("a.ts", "theirs");
    await documents.refresh(["a.ts"]);
    await documents.reload("a.ts");
    expect(a()).toMatchObject({ text: "theirs", saved: "theirs", outside: undefined });
  });

  it("hold the text of a file that was deleted outside, and write it again when asked", async () => {
    const { disk, documents, a } = await opened();
    disk.texts.delete("a.ts");
    await documents.refresh(["a.ts"]);
    expect(a()).toMatchObject({ text: "one", outside: { kind: "deleted" } });
    documents.keepMine("a.ts");
    expect(documents.dirty()).toHaveLength(1);
    expect(await documents.save("a.ts")).toBe(true);
    expect(disk.texts.get("a.ts")).toBe("one");
  });

  it("say why a save failed and keep the text", async () => {
    const { disk, documents, a } = await opened();
    documents.edit("a.ts", "two");
    disk.writeFailure = "disk_full";
    expect(await documents.saveAll()).toBe(false);
    expect(a()).toMatchObject({ text: "two", saving: false, failure: { code: "disk_full" } });
    disk.writeFailure = undefined;
    expect(await documents.saveAll()).toBe(true);
    expect(a()?.failure).toBeUndefined();
  });

  it("say why one cannot be opened, and read it once it can be", async () => {
    const { disk, documents } = await opened();
    await documents.open("c.ts");
    expect(documents.find("c.ts")).toMatchObject({ status: "failed", failure: { code: "file_missing" } });
    disk.texts.set("c.ts", "c");
    await documents.refresh(["c.ts"]);
    expect(documents.find("c.ts")).toMatchObject({ status: "ready", text: "c" });
  });

  it("show the neighbour when one is closed, and follow a renamed folder", async () => {
    const { documents } = await opened();
    await documents.open("b.ts");
    await documents.open("a.ts");
    documents.close("a.ts");
    expect(documents.get().active).toBe("b.ts");
    documents.moved("b.ts", "src/b.ts");
    expect(documents.get()).toMatchObject({ active: "src/b.ts", open: [{ path: "src/b.ts", text: "b" }] });
    documents.moved("src", "lib");
    expect(documents.get().active).toBe("lib/b.ts");
  });

  it("come back with what had been typed; a file that changed since is a conflict", async () => {
    const disk = createDisk({ "a.ts": "one", "b.ts": "theirs" });
    const documents = createDocuments(disk);
    await documents.restore(["a.ts"], "a.ts", [
      { path: "a.ts", text: "one and more", revision: "r:one" },
      { path: "b.ts", text: "mine", revision: "r:old" },
      { path: "gone.ts", text: "typed", revision: "r:before" },
    ]);
    expect(documents.get().active).toBe("a.ts");
    expect(documents.find("a.ts")).toMatchObject({ text: "one and more", saved: "one" });
    expect(documents.find("b.ts")).toMatchObject({
      text: "mine",
      outside: { kind: "changed", text: "theirs" },
    });
    expect(documents.find("gone.ts")).toMatchObject({
      status: "ready",
      text: "typed",
      outside: { kind: "deleted" },
    });
    expect(documents.dirty()).toHaveLength(3);
  });
});
