import { describe, expect, it } from "vitest";
import { type Findable, find } from "../../../renderer/state/search.ts";

const item = (title: string, more: Partial<Findable> = {}): Findable => ({
  id: title,
  group: "Group",
  title,
  run() {},
  ...more,
});
const titles = (found: readonly Findable[]) => found.map(({ title }) => title);

describe("the search", () => {
  const items = [
    item("Reset the zoom"),
    item("Zoom in", { commandLine: "workbench zoom" }),
    item("Go to Logs", { keywords: "zoomed" }),
    item("Unzoom"),
  ];

  it("puts first what begins with the word, then whose words do, then what holds it anywhere", () => {
    expect(titles(find(items, "ZOOM", 10))).toEqual(["Zoom in", "Reset the zoom", "Unzoom", "Go to Logs"]);
  });

  it("wants every word, wherever it stands", () => {
    expect(titles(find(items, "group in zoom", 10))).toEqual(["Zoom in"]);
    expect(find(items, "zoom nothing", 10)).toEqual([]);
  });

  it("shows all in their own order before anything is typed, up to the limit", () => {
    expect(titles(find(items, "  ", 2))).toEqual(["Reset the zoom", "Zoom in"]);
  });
});
