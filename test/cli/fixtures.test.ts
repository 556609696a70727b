import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workbench } from "../support/command-line.ts";
import { tempFolder } from "../support/temp.ts";

function setUp() {
  const cwd = tempFolder();
  return { cwd, run: (...args: string[]) => workbench(args, { cwd, home: join(cwd, "home") }) };
}

describe("workbench fixtures", () => {
  it("shows the sample's, replaces them by a file and goes back", async () => {
    const { cwd, run } = setUp();
    const sample = await run("fixtures", "show", "--json");
    expect(sample.json()).toMatchObject({ clients: expect.any(Array), tax_rate_percent: 19 });
    writeFileSync(
      join(cwd, "mine.json"),
      '{"clients": [{"client_id": "c", "client_name": "C"}], "tax_rate_percent": 7}',
    );
    const set = await run("fixtures", "set", "mine.json", "--json");
    expect(set.json()).toMatchObject({ clients: 1, services: 0, routes: 0, tax_rate_percent: 7 });
    expect(JSON.parse((await run("fixtures", "show")).stdout)).toMatchObject({
      clients: [{ client_id: "c", is_inactive: false }],
    });
    expect((await run("fixtures", "reset")).code).toBe(0);
    expect((await run("fixtures", "show", "--json")).json()).toEqual(sample.json());
  });

  it("names every problem with its line and column, and leaves the fixtures as they are", async () => {
    const { cwd, run } = setUp();
    const before = await run("fixtures", "show", "--json");
    writeFileSync(join(cwd, "wrong.json"), '{\n  "clients": [{ "client_id": 7 }],\n  "colour": "red"\n}\n');
    const refused = await run("fixtures", "set", "wrong.json");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("wrong.json:2:30 $.clients[0].client_id");
    expect(refused.stderr).toContain("wrong.json:3:3 $.colour");
    const json = (await run("fixtures", "set", "wrong.json", "--json")).json();
    expect(json).toMatchObject({
      error: {
        code: "fixture_invalid",
        details: { problems: expect.arrayContaining([expect.objectContaining({ line: 3 })]) },
      },
    });
    expect((await run("fixtures", "show", "--json")).json()).toEqual(before.json());
  });

  it("says that there are no invoices and no metrics yet, and how they come to be", async () => {
    const { run } = setUp();
    expect((await run("invoices", "list", "--json")).json()).toEqual({ items: [] });
    expect((await run("invoices", "list")).stdout).toContain("create-manual-invoice");
    expect((await run("invoices", "clear", "--json")).json()).toEqual({ removed: 0 });
    expect((await run("metrics", "--json")).json()).toEqual({ items: [] });
    expect((await run("metrics", "com.acme.none", "--json")).json()).toMatchObject({
      error: { code: "not_installed" },
    });
  });
});
