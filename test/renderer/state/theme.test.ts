import { describe, expect, it } from "vitest";
import { createThemeChoice } from "../../../renderer/state/theme.ts";
import { createMemoryStorage } from "../storage.ts";

describe("the choice of theme", () => {
  it("follows the system at first and keeps what was chosen", () => {
    const storage = createMemoryStorage();
    const applied: string[] = [];
    createThemeChoice(storage, (theme) => applied.push(theme)).choose("dark");
    createThemeChoice(storage, (theme) => applied.push(theme));
    expect(applied).toEqual(["system", "dark", "dark"]);
  });

  it("follows the system over a stored word that names no theme", () => {
    const storage = createMemoryStorage();
    createThemeChoice(storage, () => undefined).choose("dark");
    const [key = ""] = storage.kept.keys();
    const choice = createThemeChoice(createMemoryStorage({ [key]: "sepia" }), () => undefined);
    expect(choice.get()).toBe("system");
  });
});
