import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { workbench } from "../support/command-line.ts";
import { describePage } from "./page-suite.ts";

describePage("fixtures", (suite) => {
  it("edits the document with its problems named, and routes that a trial finds", async () => {
    const { page, complaints } = await suite.open("Fixtures");
    const tenantId = suite.host.workbench.tenantId(undefined);
    const inForce = () => suite.host.workbench.tenants.fixtures.get(tenantId);
    const type = async (text: string) => {
      await page.locator(".monaco-editor .view-line").first().click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText(text);
    };

    // The editor closes the brace by itself.
    await type('{ "tax_rate_percent": 700 ');
    await page.getByText("● not saved").waitFor();
    await page.keyboard.press("ControlOrMeta+S");
    await page.getByRole("region", { name: "Problems" }).getByText("at most 100").waitFor();
    await page.getByRole("button", { name: "line 1, column 23" }).click();
    expect(inForce().tax_rate_percent).toBe(19);
    await type('{ "tax_rate_percent": 7 ');
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("in force at the next host call").waitFor();
    expect(inForce()).toMatchObject({ tax_rate_percent: 7, routes: [] });

    await page.getByRole("tab", { name: "Routes" }).click();
    await page.getByText("This tenant has no platform routes").waitFor();
    await page.getByRole("button", { name: "Add a route…" }).click();
    const form = page.getByRole("form", { name: "Add route" });
    await form.getByLabel("Path").fill("/other");
    await form.getByRole("button", { name: "Add route" }).click();
    await form.getByRole("alert").getByText("a path below /api/").waitFor();
    await form.getByLabel("Path").fill("/api/tickets/:id");
    await form.getByLabel("Body").fill('{"ticket": 1}');
    await form.getByRole("button", { name: "Add route" }).click();
    await page.getByRole("table", { name: "Platform routes" }).getByText("/api/tickets/:id").waitFor();
    const trial = page.getByRole("form", { name: "Try a route" });
    await trial.getByLabel("Route", { exact: true }).fill("/api/tickets/7");
    await trial.getByRole("button", { name: "Try" }).click();
    await trial.getByText('{"ticket":1}').waitFor();
    await page.getByText("✓ answers").waitFor();
    expect(inForce().routes).toEqual([
      { method: "GET", path: "/api/tickets/:id", status: 200, body: { ticket: 1 } },
    ]);
    expect(complaints).toEqual([]);
  });

  it("takes over what a command has set, and says so beside what is being typed", async () => {
    const { page, complaints } = await suite.open("Fixtures");
    const set = async (rate: number) => {
      writeFileSync(join(suite.home, "typed.json"), JSON.stringify({ tax_rate_percent: rate }));
      const outcome = await workbench(["fixtures", "set", "typed.json"], {
        cwd: suite.home,
        home: suite.home,
      });
      expect(outcome.code, outcome.stderr).toBe(0);
    };
    const text = page.locator(".monaco-editor .view-lines");
    await text.waitFor();
    await set(11);
    await text.getByText("11", { exact: true }).waitFor();
    await text.click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText('{ "tax_rate_percent": 12 ');
    await set(13);
    await page.getByText("What is in force was changed elsewhere while you typed.").waitFor();
    await text.getByText("12", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Revert" }).click();
    await text.getByText("13", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});
