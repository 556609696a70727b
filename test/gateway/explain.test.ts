import { expect, it } from "vitest";
import { createFixture, KEY } from "./fixture.ts";

const asked = {
  extension: "com.acme.hello",
  method: "GET",
  target: "/x",
  headers: [{ name: "x-api-key", value: KEY }],
};

it("explains what the next call would meet, and spends nothing however often it is asked", async () => {
  const fixture = createFixture();
  for (let time = 0; time < 20; time++)
    expect(fixture.gateway.explain(asked)).toMatchObject({ allowed: true });
  expect(fixture.executed).toEqual([]);
  expect(fixture.executions.list({}).items).toEqual([]);
  // The bucket of the fixture holds three.
  for (let time = 0; time < 3; time++) {
    expect((await fixture.call("GET", "/api/ext/com.acme.hello/x")).status).toBe(200);
  }
  expect(fixture.gateway.explain(asked)).toMatchObject({
    refused_by: "rate",
    code: "rate_limited",
    status: 429,
  });
  expect((await fixture.call("GET", "/api/ext/com.acme.hello/x")).status).toBe(429);
});

it("agrees with the gateway about who calls and what is called", async () => {
  const fixture = createFixture();
  const calls = [
    { ...asked, headers: [] },
    { ...asked, headers: [{ name: "x-api-key", value: "wrong" }] },
    { ...asked, extension: "com.acme.other" },
    { ...asked, target: "/a//b" },
    { ...asked, headers: [...asked.headers, { name: "x-tenant-id", value: "another" }] },
  ];
  for (const call of calls) {
    const answer = await fixture.gateway.call(call);
    expect(fixture.gateway.explain(call)).toMatchObject({ code: answer.error?.code, status: answer.status });
  }
});
