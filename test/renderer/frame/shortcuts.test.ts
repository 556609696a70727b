import { describe, expect, it } from "vitest";
import { type Command, createCommands } from "../../../renderer/state/commands.ts";
import { createShortcuts } from "../../../renderer/state/shortcuts.ts";
import { createMemoryStorage } from "../storage.ts";

const command = (id: string, shortcut?: string): Command => ({
  id,
  title: id,
  group: "Test",
  ...(shortcut === undefined ? {} : { shortcut }),
  run() {},
});

function setUp(storage = createMemoryStorage()) {
  const commands = createCommands();
  const save = command("file.save", "Mod+S");
  const send = command("request.send", "mod+enter");
  commands.register([save, send]);
  return { commands, save, send, storage, shortcuts: createShortcuts(commands, storage) };
}

describe("shortcuts", () => {
  it("are the commands' own until the user says otherwise", () => {
    const { shortcuts, save } = setUp();
    expect(shortcuts.of(save)).toBe("mod+s");
    expect(shortcuts.commandFor("mod+s")).toBe(save);
    expect(shortcuts.commandFor("mod+x")).toBeUndefined();
  });

  it("are remapped, taken away and put back, and survive a reload", () => {
    const { shortcuts, save, send, storage } = setUp();
    shortcuts.remap("file.save", "mod+shift+s");
    shortcuts.remap("request.send", null);
    const reloaded = setUp(storage);
    expect(reloaded.shortcuts.of(reloaded.save)).toBe("mod+shift+s");
    expect(reloaded.shortcuts.commandFor("mod+s")).toBeUndefined();
    expect(reloaded.shortcuts.of(reloaded.send)).toBeUndefined();
    shortcuts.reset("file.save");
    expect(shortcuts.of(save)).toBe("mod+s");
    shortcuts.resetAll();
    expect(shortcuts.of(send)).toBe("mod+enter");
  });

  it("name every other command that a combination would run", () => {
    const { shortcuts, save, send } = setUp();
    expect(shortcuts.conflictsOf(send, "mod+s")).toEqual([save]);
    expect(shortcuts.conflictsOf(save, "mod+s")).toEqual([]);
  });

  it("go to the newest of two commands, as a screen's own goes before the frame's", () => {
    const { commands, shortcuts } = setUp();
    const own = command("screen.save", "mod+s");
    const leave = commands.register([own]);
    expect(shortcuts.commandFor("mod+s")).toBe(own);
    leave();
    expect(shortcuts.commandFor("mod+s")?.id).toBe("file.save");
  });

  it.each(["not JSON", '["a"]', '{"file.save": 1}'])("forget what was stored as %s", (text) => {
    const storage = createMemoryStorage();
    storage.setItem("workbench.shortcuts", text);
    const { shortcuts, save } = setUp(storage);
    expect(shortcuts.of(save)).toBe("mod+s");
  });
});
