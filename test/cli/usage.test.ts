import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../core/cli/commands/index.ts";
import { type CommandOutcome, workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const run = (...args: string[]): Promise<CommandOutcome> => workbench(args, { cwd: folder, home: folder });

/** Every command as the user types it: `["keys", "generate"]`. Groups are among them. */
function commandLines(): string[][] {
  const program = new Command();
  for (const register of COMMANDS) {
    register(program, () => {
      throw new Error("only the names are asked for");
    });
  }
  const under = (command: Command, path: string[]): string[][] =>
    command.commands.flatMap((child) => [[...path, child.name()], ...under(child, [...path, child.name()])]);
  return under(program, []);
}

describe("help", () => {
  it("knows every command that is promised", () => {
    const promised =
      "create build pack inspect sign verify keys trust publish install uninstall enable disable update list show invoke dev serve logs executions quota doctor";
    expect(commandLines().map(([name]) => name)).toEqual(expect.arrayContaining(promised.split(" ")));
  });

  it.each(commandLines().map((path) => path.join(" ")))(
    "of %s has the common options and an example",
    async (path) => {
      const outcome = await run(...path.split(" "), "--help");
      expect(outcome).toMatchObject({ code: 0, stderr: "" });
      expect(outcome.stdout).toMatch(/--home <dir>/);
      expect(outcome.stdout).toMatch(/--json/);
      expect(outcome.stdout).toMatch(new RegExp(`Examples?:\\n(.*\\n)*?.*workbench ${path}`));
    },
  );

  it("of the whole leads from an empty folder to an answer", async () => {
    const outcome = await run("--help");
    expect(outcome.code).toBe(0);
    for (const name of ["create", "build", "pack", "sign", "publish", "install", "invoke"]) {
      expect(outcome.stdout).toContain(`  workbench ${name} `);
    }
  });

  it("is shown when no command is given, which is an error all the same", async () => {
    for (const args of [[], ["keys"]]) {
      const outcome = await run(...args);
      expect(outcome).toMatchObject({ code: 2, stdout: "" });
      expect(outcome.stderr).toContain("Usage: workbench");
      const asked = await run(...args, "--json");
      expect([asked.code, asked.json()]).toEqual([
        2,
        { error: { code: "usage", message: "A command is missing." } },
      ]);
    }
  });
});

describe("a command line that is wrong", () => {
  it.each([
    ["an unknown command", ["nonsense"]],
    ["an unknown command of a group", ["keys", "nonsense"]],
    ["an unknown option", ["list", "--nonsense"]],
    ["a missing argument", ["inspect"]],
    ["an argument too many", ["inspect", "a", "b"]],
    ["a missing option", ["create", "x"]],
    ["an option without its value", ["build", "--engine"]],
    ["a value that is not among the choices", ["build", "--engine", "v8"]],
    ["an unknown template", ["create", "x", "--name", "com.acme.x", "--template", "nonsense"]],
    ["an unknown algorithm", ["keys", "generate", "--algorithm", "dsa", "--subject", "CN=x"]],
    ["two kinds of certificate", "keys generate --algorithm ed25519 --subject CN=x --csr --ca y".split(" ")],
    ["a time that is none", ["verify", "x", "--at", "noon"]],
    ["a port that is none", ["serve", "--port", "70000"]],
    ["a count of zero", ["logs", "--limit", "0"]],
    ["a pair that is none", ["install", "x", "--config", "novalue"]],
    ["an unknown capability", ["install", "x", "--grant", "cap:nonsense"]],
    ["an unknown method", ["invoke", "x", "HEAD", "/"]],
    ["a path without a slash", ["invoke", "x", "GET", "y"]],
    ["a header that is none", ["invoke", "x", "GET", "/", "--header", "nonsense"]],
    ["no kind of export", ["keys", "export", "x", "-o", "y"]],
    ["nothing to trust", ["trust", "add"]],
    ["nothing to revoke", ["trust", "revoke"]],
  ])("exits 2 and says so in words or in JSON: %s", async (_what, args) => {
    const text = await run(...args);
    expect(text).toMatchObject({ code: 2, stdout: "" });
    expect(text.stderr).toMatch(/^error: \S/);
    const asked = await run(...args, "--json");
    expect([asked.code, asked.json()]).toMatchObject([
      2,
      { error: { code: "usage", message: expect.any(String) } },
    ]);
  });

  it("names what was meant", async () => {
    expect((await run("instal", "x")).stderr).toContain("Did you mean install?");
  });
});

describe("the common options", () => {
  it.each([["--json keys list"], ["keys --json list"], ["keys list --json"]])(
    "count where they stand: %s",
    async (line) => {
      const outcome = await run(...line.split(" "));
      expect([outcome.code, outcome.json()]).toEqual([0, { keys: [] }]);
    },
  );

  it("give the command's own --version to the command, and the program's before it", async () => {
    expect((await run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const outcome = await run("install", "com.acme.none", "--version", "1.0.0", "--json");
    expect(outcome.json()).toMatchObject({ error: { code: "extension_not_found" } });
  });
});
