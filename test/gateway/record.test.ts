import { describe, expect, test } from "vitest";
import { createFixture, errorOf, failure } from "./fixture.ts";

describe("the record of a call", () => {
  test("is without the install's secrets, as are its decisions", async () => {
    const fixture = createFixture({
      ports: { redact: (install, text) => text.replaceAll("hunter22", `[of ${install}]`) },
    });
    fixture.execute = async () => failure({ code: "bad_handler", message: "no hunter22 here" });
    const response = await fixture.call("GET", "/api/ext/com.acme.hello/items/hunter22");
    expect(response.status).toBe(502);
    const [row] = fixture.executions.list().items;
    expect(row?.path).toBe("/items/[of install-1]");
    expect(row?.trace.at(-1)?.detail).toContain("no [of install-1] here");
    expect(JSON.stringify(row)).not.toContain("hunter22");
  });

  test("is committed before the runner is asked and before the caller is answered", async () => {
    const fixture = createFixture();
    const running = fixture.database
      .prepare<[], string>(
        "SELECT outcome FROM extension_execution_log UNION ALL SELECT 'running' FROM extension_execution_begun",
      )
      .pluck();
    const seen: (string | undefined)[] = [];
    const execute = fixture.execute;
    fixture.execute = (...call) => {
      seen.push(running.get());
      return execute(...call);
    };
    await fixture.call("GET", "/api/ext/com.acme.hello/items");
    seen.push(running.get());
    expect(seen).toEqual(["running", "succeeded"]);
  });

  test("refuses calls in order when the disk is full, and takes them again when there is room", async () => {
    const fixture = createFixture();
    const pages = Number(fixture.database.pragma("page_count", { simple: true }));
    fixture.database.pragma(`max_page_count = ${pages}`);
    const answers = [];
    // Until what is left of the last pages is used up.
    do {
      // Far enough apart for the rate.
      fixture.now = new Date(fixture.now.getTime() + 1_000);
      answers.push(await fixture.call("GET", `/api/ext/com.acme.hello/items?${"x".repeat(500)}`));
    } while (answers.at(-1)?.status === 200);
    const executed = fixture.executed.length;
    fixture.now = new Date(fixture.now.getTime() + 60_000);
    const refused = await fixture.call("GET", "/api/ext/com.acme.hello/items");
    expect(await errorOf(refused)).toMatchObject({ status: 502, code: "internal" });
    expect(fixture.executed).toHaveLength(executed);
    expect(fixture.logged.join("\n")).toContain("There is no room left on the disk");
    fixture.database.pragma("max_page_count = 1000000");
    expect((await fixture.call("GET", "/api/ext/com.acme.hello/items")).status).toBe(200);
  });
});
