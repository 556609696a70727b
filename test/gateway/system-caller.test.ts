import { expect, test } from "vitest";
import { systemCaller } from "../../core/policy/index.ts";
import { TENANT } from "../policy/facts.ts";
import { answer, createFixture } from "./fixture.ts";

const call = {
  extension: "install-1",
  method: "DELETE",
  target: "/x",
  caller: systemCaller(TENANT, "scheduler"),
};

test("the workbench's own calls may use every endpoint, are named in the trace and tell of no user", async () => {
  const fixture = createFixture();
  const result = await fixture.gateway.call(call);
  expect(result.status).toBe(200);
  expect(result.trace).toContainEqual({
    rule: "caller",
    outcome: "allow",
    detail: "The workbench's scheduler may call every endpoint.",
    source: "system:scheduler",
  });
  expect(fixture.executed[0]).not.toHaveProperty("user");
  expect(fixture.executions.find(result.execution_id ?? "")).toMatchObject({ outcome: "succeeded" });
});

test("what the extension calls in turn is still the workbench's own call", async () => {
  const fixture = createFixture();
  const callers: unknown[] = [];
  fixture.execute = async () => {
    callers.push(...fixture.scopes.values());
    return answer();
  };
  await fixture.gateway.call(call);
  expect(callers).toMatchObject([{ caller: { system: "scheduler" } }]);
});

test("they pass rate limits as every other call does", async () => {
  const fixture = createFixture();
  const statuses: number[] = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await fixture.gateway.call(call)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
});
