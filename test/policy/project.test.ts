import { expect, test } from "vitest";
import { judgeProject } from "../../core/policy/index.ts";

const use = (name: string) => ({ name, path: "src/index.ts", line: 3, column: 1 });
const nothing = { capabilities: [], endpoints: [], uses: [], hasHandler: true } as const;
const codes = (facts: Parameters<typeof judgeProject>[0]) => judgeProject(facts).map(({ code }) => code);

test("an interface that the manifest does not ask for is named where it is used", () => {
  expect(
    judgeProject({
      ...nothing,
      uses: [use("storage"), use("logging"), use("http")],
      capabilities: ["cap:http.fetch"],
    }),
  ).toEqual([
    {
      code: "capability_not_requested",
      severity: "warning",
      message: expect.stringContaining("cap:storage.kv"),
      at: { kind: "source", use: use("storage") },
    },
  ]);
});

test("a capability that no source uses is named where the manifest asks for it, and a default one never is", () => {
  expect(judgeProject({ ...nothing, capabilities: ["cap:log.emit", "cap:http.fetch"] })).toMatchObject([
    { code: "capability_not_used", at: { kind: "manifest", path: ["capabilities", 1] } },
  ]);
});

test("nothing is said of capabilities when the sources are not known", () => {
  expect(codes({ ...nothing, uses: undefined, capabilities: ["cap:http.fetch"] })).toEqual([]);
});

test("an interface that the world has not is an error, whatever its name", () => {
  expect(codes({ ...nothing, uses: [use("constructor")] })).toEqual(["interface_unknown"]);
});

test("endpoints need something that answers them", () => {
  const endpoints = [{ method: "GET", path: "/a", handler: "a" }] as const;
  expect(judgeProject({ ...nothing, endpoints, hasHandler: false })).toMatchObject([
    { code: "endpoint_without_handler", at: { path: ["api", "endpoints"] } },
  ]);
  expect(codes({ ...nothing, endpoints })).toEqual([]);
});

test("an endpoint behind another of the same shape is never chosen", () => {
  const endpoints = [
    { method: "GET", path: "/a/:id", handler: "a" },
    { method: "GET", path: "/a/:name", handler: "b" },
    { method: "POST", path: "/a/:id", handler: "c" },
    { method: "GET", path: "/a/b", handler: "d" },
  ] as const;
  expect(judgeProject({ ...nothing, endpoints })).toMatchObject([
    { code: "endpoint_shadowed", at: { path: ["api", "endpoints", 1] } },
  ]);
});
