import { describe, expect, it } from "vitest";
import {
  combinationOf,
  type KeyPress,
  normaliseCombination,
  showCombination,
} from "../../../renderer/state/key-combination.ts";

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe("a combination of keys", () => {
  it.each([
    ["Mod+Shift+P", "mod+shift+p"],
    ["shift+mod+p", "mod+shift+p"],
    ["mod+=", "mod++"],
    ["mod++", "mod++"],
    ["mod + ArrowUp", "mod+up"],
    ["F1", "f1"],
  ])("is spelled one way: %s is %s", (text, expected) => {
    expect(normaliseCombination(text)).toBe(expected);
  });

  it.each(["", "mod", "mod+shift", "hyper+p"])("is not %j", (text) => {
    expect(normaliseCombination(text)).toBeUndefined();
  });

  it("takes Ctrl for mod, and ⌘ on a Mac", () => {
    expect(combinationOf(press("k", { ctrlKey: true }), false)).toBe("mod+k");
    expect(combinationOf(press("k", { metaKey: true }), true)).toBe("mod+k");
    expect(combinationOf(press("k", { ctrlKey: true }), true)).toBe("ctrl+k");
  });

  it("means the key that is pressed when Alt or Shift make another character of it", () => {
    expect(combinationOf(press("¡", { altKey: true, code: "Digit1" }), false)).toBe("alt+1");
    expect(combinationOf(press("P", { ctrlKey: true, shiftKey: true, code: "KeyP" }), false)).toBe(
      "mod+shift+p",
    );
    expect(combinationOf(press("!", { ctrlKey: true, shiftKey: true, code: "Digit1" }), false)).toBe(
      "mod+shift+1",
    );
  });

  it("zooms with plus wherever the keyboard has it", () => {
    for (const held of [{ shiftKey: true, code: "Equal" }, { code: "BracketRight" }, { code: "NumpadAdd" }]) {
      expect(combinationOf(press("+", { ctrlKey: true, ...held }), false)).toBe("mod++");
    }
    expect(combinationOf(press("=", { ctrlKey: true, code: "Equal" }), false)).toBe("mod++");
  });

  it.each(["Control", "Shift", "Alt", "Meta", "Dead", "Unidentified"])(
    "is not there while only %s is",
    (key) => {
      expect(combinationOf(press(key, { ctrlKey: true }), false)).toBeUndefined();
    },
  );

  it("is written as the platform writes it", () => {
    expect(showCombination("mod+shift+p", false)).toBe("Ctrl+Shift+P");
    expect(showCombination("mod+shift+p", true)).toBe("⌘⇧P");
    expect(showCombination("mod++", false)).toBe("Ctrl++");
    expect(showCombination("alt+up", false)).toBe("Alt+Up");
  });
});
