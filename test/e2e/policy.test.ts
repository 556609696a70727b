import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describePage } from "./page-suite.ts";

describePage("policy scenarios", (suite) => {
  it("are begun from nothing, run whenever they change, and say what was expected and what came", async () => {
    const { page, complaints } = await suite.open("Policy");
    const show = () => page.getByRole("tab", { name: "Scenarios" }).click();
    await show();
    await page.getByText("No project is open, so there are no scenarios to test.").waitFor();
    const dir = join(suite.home, "project");
    await suite.host.project.create({ dir, name: "com.acme.scenarios", template: "handler" });
    await page.getByText("This project has no scenarios").waitFor();

    await page.getByRole("button", { name: "Write policy/access.json" }).click();
    const text = page.locator(".monaco-editor .view-lines");
    await text.getByText("without credentials nothing is answered").waitFor();
    await page.getByRole("navigation", { name: "Screens" }).getByRole("button", { name: "Policy" }).click();
    await show();
    const status = page.getByRole("status").filter({ hasText: "passed" });
    await status.getByText("1 passed, 0 failed").waitFor();
    const file = page.getByRole("region", { name: "policy/access.json" });
    await file.getByRole("img", { name: "passed" }).waitFor();
    await page.getByText(`workbench policy test ${dir}`).waitFor();

    const path = join(dir, "policy", "access.json");
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace('"code": "unauthenticated"', '"code": "forbidden"'),
    );
    await status.getByText("0 passed, 1 failed").waitFor();
    await file.getByText("code: expected forbidden, got unauthenticated").waitFor();
    expect(complaints).toEqual([]);
  });
});
