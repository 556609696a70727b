import { describe, expect, it } from "vitest";
import { draftsFor, type KeptDraft } from "../../../renderer/state/project/kept-drafts.ts";

const draft = (tab: string, path: string, at = 0): KeptDraft => ({
  tab,
  path,
  at,
  text: `${tab} typed ${at}`,
  revision: "r",
});
const texts = (kept: readonly KeptDraft[], open: readonly string[]) =>
  draftsFor(kept, "mine", new Set(["mine", ...open])).map(({ text }) => text);

describe("the drafts of a tab", () => {
  it("are its own, however old, and never those of a tab that is open", () => {
    expect(texts([draft("theirs", "a", 9), draft("mine", "a", 1)], ["theirs"])).toEqual(["mine typed 1"]);
    expect(texts([draft("theirs", "a", 9)], ["theirs"])).toEqual([]);
  });

  it("are the newest of the tabs that are gone, for files that it has none of", () => {
    const gone = [draft("gone", "a", 1), draft("lost", "a", 2), draft("gone", "b", 3), draft("gone", "a", 0)];
    expect(texts(gone, [])).toEqual(["lost typed 2", "gone typed 3"]);
    expect(texts([...gone, draft("mine", "a")], [])).toEqual(["mine typed 0", "gone typed 3"]);
  });
});
