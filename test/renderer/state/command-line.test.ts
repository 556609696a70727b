import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { invokeCommand } from "../../../renderer/state/command-line.ts";

describe("the equivalent command line", () => {
  it("is plain where nothing needs quoting", () => {
    expect(invokeCommand("com.acme.x", { method: "GET", path: "/items", headers: [] }, "t1")).toBe(
      "workbench invoke com.acme.x GET /items --tenant t1 --trace",
    );
  });

  it.skipIf(process.platform === "win32")("arrives at a real shell's program exactly as it was typed", () => {
    const hostile = `it's "$(touch /tmp/x)" \`id\` $HOME \\ ; & | * ~ #\n{"a":'b'}`;
    const command = invokeCommand(
      "com.acme.x",
      { method: "POST", path: "/a b?c=$d", headers: [{ name: "x-ext-a", value: hostile }], body: hostile },
      "t1",
    );
    const echo = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
    const output = execFileSync("/bin/sh", ["-c", command.replace("workbench", '"$NODE" -e "$ECHO" --')], {
      env: { NODE: process.execPath, ECHO: echo },
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual([
      "invoke",
      "com.acme.x",
      "POST",
      "/a b?c=$d",
      "--header",
      `x-ext-a: ${hostile}`,
      "--data",
      hostile,
      "--tenant",
      "t1",
      "--trace",
    ]);
  });

  it("hands a body that begins like a file's name through standard input", () => {
    const command = invokeCommand(
      "com.acme.x",
      { method: "PUT", path: "/", headers: [], body: "@home" },
      "t1",
    );
    expect(command).toBe("printf %s @home | workbench invoke com.acme.x PUT / --data @- --tenant t1 --trace");
  });
});
