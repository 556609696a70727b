import { expect, it } from "vitest";
import { hasWords } from "../../../renderer/state/words.ts";

it("finds every word anywhere, whatever its case and order, and everything while nothing is typed", () => {
  expect(hasWords("Handover notes com.example.handover", "  NOTES com.ex ")).toBe(true);
  expect(hasWords("Handover notes", "notes tickets")).toBe(false);
  expect(hasWords("Handover notes", " ")).toBe(true);
});
