import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ManifestProblem, validateManifest } from "../../core/bundle/index.ts";
import { CAPABILITIES } from "../../core/contract/capability.ts";
import { MAX_MANIFEST_BYTES } from "../../core/contract/limits.ts";
import { MAX_MANIFEST_ENDPOINTS } from "../../core/contract/manifest.ts";

const MINIMAL = { name: "com.acme.hello", version: "1.0.0", runtime: "wasm-js@1" };

function judge(fields: Record<string, unknown>) {
  return validateManifest(JSON.stringify({ ...MINIMAL, ...fields }));
}

function problemAt(problems: readonly ManifestProblem[], path: string): ManifestProblem | undefined {
  return problems.find((problem) => problem.path === path);
}

/** Path, code of every problem of a manifest with these fields. */
function faults(fields: Record<string, unknown>): string[] {
  return judge(fields).problems.map((problem) => `${problem.path} ${problem.code}`);
}

describe("a valid manifest", () => {
  it("needs no more than name, version and runtime", () => {
    expect(judge({})).toEqual({ manifest: { ...MINIMAL, capabilities: [] }, problems: [], warnings: [] });
  });

  it("may have every field of the format", () => {
    const full = {
      $schema: "./manifest.schema.json",
      publisher: "Acme",
      display_name: "Hello",
      description: "Says hello.",
      capabilities: ["cap:secrets.get"],
      ui: {
        type: "iframe",
        entry: "ui/index.html",
        hooks: { appMenu: { label: "Hello" }, clientPortalMenu: { label: "Hello" } },
      },
      api: {
        endpoints: [
          { method: "GET", path: "/", handler: "root" },
          { method: "GET", path: "/items/:item-id", handler: "item" },
          { method: "POST", path: "/sync", handler: "sync", schedulable: true },
        ],
      },
      events: [{ topic: "ticket.created", handler: "sync" }],
      entry: "dist/main.wasm",
      precompiled: { "x86_64-linux": "precompiled/x86_64-linux.cwasm" },
      assets: ["ui/**/*", "!ui/**/*.map"],
      sbom: "sbom.cdx.json",
    };
    const judged = judge(full);
    expect(judged.problems).toEqual([]);
    expect(judged.warnings).toEqual([]);
    expect(judged.manifest).toEqual({ ...MINIMAL, ...full });
  });

  it("may be what the official templates write, a UI or a handler alone", () => {
    const ui = {
      publisher: "Org",
      ui: { type: "iframe", entry: "ui/index.html", hooks: { appMenu: { label: "x" } } },
    };
    expect(judge({ ...ui, assets: ["ui/**/*"] })).toMatchObject({ problems: [], warnings: [] });
    const handler = {
      publisher: "Org",
      entry: "dist/main.wasm",
      capabilities: ["cap:context.read", "cap:log.emit"],
    };
    expect(judge(handler)).toMatchObject({ problems: [], warnings: [] });
  });

  it.each(CAPABILITIES)("may ask for %s with or without the prefix, once or twice", (capability) => {
    const bare = capability.replace("cap:", "");
    expect(judge({ capabilities: [bare, capability] }).manifest?.capabilities).toEqual([capability]);
  });

  it.each(["1.0.0", "0.0.1-alpha.1+build.5", "10.20.30", "1.2.*", "1.0.0-x-y-z.--"])(
    "may be version %s",
    (version) => {
      expect(judge({ version }).problems).toEqual([]);
    },
  );

  it("keeps fields that nobody knows and warns of them, guessing what was meant", () => {
    const judged = judge({ capabilites: ["cap:http.fetch"], "x-team": "blue" });
    expect(judged.manifest).toMatchObject({ capabilites: ["cap:http.fetch"], "x-team": "blue" });
    expect(judged.problems).toEqual([]);
    expect(judged.warnings).toHaveLength(2);
    expect(problemAt(judged.warnings, "$.capabilites")).toMatchObject({
      code: "unknown_field",
      message: expect.stringContaining('Did you mean "capabilities"?'),
    });
    expect(problemAt(judged.warnings, "$.x-team")?.message).not.toContain("Did you mean");
  });

  it("ignores unknown fields further inside, and warns of those too", () => {
    const judged = judge({
      ui: { type: "iframe", entry: "ui/a.html", hooks: { appmenu: { label: "x" } } },
      api: { endpoints: [{ method: "GET", path: "/", handler: "h", schedulabel: true }] },
    });
    expect(judged.problems).toEqual([]);
    expect(judged.warnings.map((warning) => [warning.path, warning.message])).toEqual([
      ["$.ui.hooks.appmenu", '"appmenu" is not a known field and is ignored. Did you mean "appMenu"?'],
      [
        "$.api.endpoints[0].schedulabel",
        '"schedulabel" is not a known field and is ignored. Did you mean "schedulable"?',
      ],
    ]);
  });

  it("warns of an endpoint that an earlier one of the same shape hides", () => {
    const endpoint = (path: string) => ({ method: "GET", path, handler: "h" });
    const judged = judge({
      api: { endpoints: [endpoint("/a/:id"), endpoint("/a/:name"), endpoint("/a/fixed")] },
    });
    expect(judged.problems).toEqual([]);
    expect(judged.warnings).toMatchObject([{ path: "$.api.endpoints[1].path", code: "shadowed_endpoint" }]);
  });
});

describe("a subscription to events", () => {
  const endpoints = [
    { method: "POST", path: "/sync", handler: "sync" },
    { method: "GET", path: "/report", handler: "report" },
    { method: "POST", path: "/items/:id", handler: "item" },
  ];
  const warned = (handler: string, api: object | undefined = { endpoints }) =>
    judge({ ...(api === undefined ? {} : { api }), events: [{ topic: "ticket.created", handler }] }).warnings;

  it.each(["sync", "/sync", "POST /sync"])("for %j goes to a POST endpoint of that name", (handler) => {
    expect(warned(handler)).toEqual([]);
  });

  it.each([
    ["onTicket", "no endpoint has it as its handler or its path"],
    ["/other", "no endpoint has it as its handler or its path"],
    ["report", "GET /report has it, and events are posted to a path without parameters"],
    ["item", "POST /items/:id has it, and events are posted to a path without parameters"],
  ])("for %j is warned of: %s", (handler, fault) => {
    expect(warned(handler)).toMatchObject([
      {
        path: "$.events[0].handler",
        line: 1,
        code: "event_handler_missing",
        message: `Events of ticket.created would reach nothing: ${fault}.`,
        found: handler,
      },
    ]);
  });

  it("of an extension that lists no endpoints goes to the path of its name, when there can be one", () => {
    expect(judge({ events: [{ topic: "t", handler: "onTicket" }] }).warnings).toEqual([]);
    expect(judge({ events: [{ topic: "t", handler: "on ticket" }] }).warnings).toMatchObject([
      { code: "event_handler_missing" },
    ]);
  });
});

describe("the problems of a manifest", () => {
  it("come all at once, in the order of the file, with line, column, expected and found", () => {
    const text = [
      "{",
      '  "name": "Hello World",',
      '  "version": "1",',
      '  "capabilities": ["secrets.gte"],',
      '  "ui": { "type": "iframe", "entry": "../evil.html" },',
      '  "api": { "endpoints": [',
      '    { "method": "get", "path": "items", "handler": "" },',
      '    { "method": "GET", "path": "/a", "handler": "h" },',
      '    { "method": "GET", "path": "/a", "handler": "h", "schedulable": "yes" }',
      "  ] }",
      "}",
    ].join("\n");
    const { manifest, problems } = validateManifest(text, "manifest.json");
    expect(manifest).toBeUndefined();
    expect(problems.map(({ line, column, path, code }) => [line, column, path, code])).toEqual([
      [1, 1, "$.runtime", "missing"],
      [2, 11, "$.name", "invalid_format"],
      [3, 14, "$.version", "invalid_format"],
      [4, 20, "$.capabilities[0]", "invalid_value"],
      [5, 38, "$.ui.entry", "custom"],
      [7, 17, "$.api.endpoints[0].method", "invalid_value"],
      [7, 32, "$.api.endpoints[0].path", "custom"],
      [7, 52, "$.api.endpoints[0].handler", "too_small"],
      [9, 5, "$.api.endpoints[2]", "duplicate_endpoint"],
      [9, 69, "$.api.endpoints[2].schedulable", "invalid_type"],
    ]);
    expect(problems.every((problem) => problem.file === "manifest.json")).toBe(true);
    expect(problemAt(problems, "$.runtime")).toMatchObject({ expected: '"wasm-js@1"', found: "nothing" });
    expect(problemAt(problems, "$.name")).toMatchObject({
      expected: "a lowercase reverse-domain name such as com.acme.hello",
      found: '"Hello World"',
    });
    expect(problemAt(problems, "$.capabilities[0]")?.message).toContain('Did you mean "secrets.get"?');
    expect(problemAt(problems, "$.api.endpoints[0].method")?.message).toContain('Did you mean "GET"?');
    expect(problemAt(problems, "$.api.endpoints[2]")?.found).toBe("the same as $.api.endpoints[1]");
    expect(problemAt(problems, "$.api.endpoints[2].schedulable")).toMatchObject({
      expected: "true or false",
      found: '"yes"',
    });
  });

  it.each([
    "hello",
    "com.Acme.x",
    "com..x",
    ".com.x",
    "com.x.",
    "1com.x",
    "com/acme",
    "com.acme.hello\n",
    `com.${"a".repeat(250)}`,
  ])("name %j", (name) => expect(faults({ name }).join()).toContain("$.name "));

  it.each(["1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.x", "1.*.*", "*", "", " 1.0.0", 1])(
    "version %j",
    (version) => expect(faults({ version }).join()).toContain("$.version "),
  );

  it.each([
    "index.html",
    "ui",
    "ui/../dist/main.wasm",
    "/ui/index.html",
    "./ui/index.html",
    "ui//index.html",
    "ui\\index.html",
    "https://evil.example/ui/",
    "ui/\u0000",
    "",
  ])("ui.entry %j, reported once", (entry) => {
    expect(faults({ ui: { type: "iframe", entry } })).toEqual(["$.ui.entry custom"]);
  });

  it.each([
    "a",
    "",
    "/a b",
    "/a?x=1",
    "/a#b",
    "/a/../b",
    "/a//b",
    "/:",
    "/:1",
    "/a/:id/:id",
    "/é",
    "/a\\b",
    "//evil.example/x",
  ])("endpoint path %j, reported once", (path) => {
    expect(faults({ api: { endpoints: [{ method: "GET", path, handler: "h" }] } })).toEqual([
      "$.api.endpoints[0].path custom",
    ]);
  });

  it.each([
    ["PUT", "/a"],
    ["DELETE", "/a"],
    ["GET", "/a/:id"],
  ])("a schedulable %s %s", (method, path) => {
    const endpoint = { method, path, handler: "h" };
    expect(faults({ api: { endpoints: [{ ...endpoint, schedulable: true }] } })).toEqual([
      "$.api.endpoints[0].schedulable not_schedulable",
    ]);
    expect(faults({ api: { endpoints: [{ ...endpoint, schedulable: false }] } })).toEqual([]);
  });

  it.each([
    [{ assets: ["../**"] }, "$.assets[0]"],
    [{ assets: ["/etc/*"] }, "$.assets[0]"],
    [{ sbom: "../sbom.json" }, "$.sbom"],
    [{ entry: "/dist/main.wasm" }, "$.entry"],
    [{ precompiled: { x: "C:/x" } }, "$.precompiled.x"],
    [{ precompiled: { "odd name": 1 } }, '$.precompiled["odd name"]'],
  ])("a path that leaves the bundle: %j", (fields, path) => {
    expect(judge(fields).problems.map((problem) => problem.path)).toEqual([path]);
  });

  it("hold the number of endpoints to its limit", () => {
    const endpoints = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ method: "GET", path: `/${index}`, handler: "h" }));
    expect(faults({ api: { endpoints: endpoints(MAX_MANIFEST_ENDPOINTS) } })).toEqual([]);
    expect(faults({ api: { endpoints: endpoints(MAX_MANIFEST_ENDPOINTS + 1) } })).toEqual([
      "$.api.endpoints too_big",
    ]);
  });

  it.each([["null"], ["[]"], ["1"], ['"text"']])("a file that holds %s", (text) => {
    const { problems, warnings } = validateManifest(text);
    expect(problems).toMatchObject([{ path: "$", expected: "an object" }]);
    expect(warnings).toEqual([]);
  });

  it("escape what would draw on a terminal, and cut it short", () => {
    const [problem] = judge({ name: `\u202e\u009b31m${"x".repeat(1_000)}` }).problems;
    expect(problem?.found).toContain("\\u{202e}\\u{9b}31m");
    expect(problem?.found?.length).toBeLessThan(200);
  });
});

describe("the syntax of a manifest", () => {
  it("is judged with every fault and its place", () => {
    const { problems } = validateManifest('{\n  // note\n  "a": 1,\n  "b": tru,\n  "c": "x\n}');
    expect(problems.map(({ line, column, code, message }) => [line, column, code, message])).toEqual(
      expect.arrayContaining([
        [2, 3, "syntax", "JSON has no comments."],
        [4, 8, "syntax", "This is not a JSON value."],
        [5, 8, "syntax", "A string is not closed."],
      ]),
    );
  });

  it.each([
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
    '{"a":"\t"}',
    '{"a":1}{}',
    "{",
    "",
    "   ",
    '{"a":NaN}',
    '{"a":"\\x"}',
    '{"a" 1}',
    "\uFEFF{}",
  ])("refuses %j", (text) => {
    const { manifest, problems } = validateManifest(text);
    expect(manifest).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(["syntax", "byte_order_mark"]).toContain(problems[0]?.code);
  });

  it("refuses a name that is there twice, at the second place", () => {
    const text = '{"name":"com.acme.a","version":"1.0.0",\n"runtime":"wasm-js@1","name":"com.acme.b"}';
    expect(validateManifest(text)).toMatchObject({
      problems: [{ code: "duplicate_key", path: "$.name", line: 2, column: 23 }],
    });
    expect(validateManifest(text)).not.toHaveProperty("manifest");
  });

  it("refuses a name that would replace an object's prototype", () => {
    const text = `${JSON.stringify(MINIMAL).slice(0, -1)},"__proto__":{"polluted":true}}`;
    const { manifest, problems } = validateManifest(text);
    expect(manifest).toBeUndefined();
    expect(problems).toMatchObject([{ code: "forbidden_key" }]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("takes exactly 1 MiB, counted in bytes", () => {
    const frame = JSON.stringify({ ...MINIMAL, description: "" });
    const filled = (bytes: number) =>
      JSON.stringify({
        ...MINIMAL,
        description: "é".repeat((bytes - frame.length) / 2) + "x".repeat((bytes - frame.length) % 2),
      });
    expect(validateManifest(filled(MAX_MANIFEST_BYTES)).problems).toEqual([]);
    expect(validateManifest(filled(MAX_MANIFEST_BYTES + 1)).problems).toMatchObject([{ code: "too_large" }]);
  });

  it("takes 64 levels, and survives half a million", () => {
    const nested = (levels: number) =>
      `${JSON.stringify(MINIMAL).slice(0, -1)},"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    expect(validateManifest(nested(64)).problems).toEqual([]);
    expect(validateManifest(nested(65)).problems).toMatchObject([{ code: "too_deep" }]);
    expect(validateManifest("[".repeat(500_000)).problems).toMatchObject([{ code: "too_deep" }]);
  });

  it("reports a bounded number of problems of a file of nothing else, and says how many are left", () => {
    const stray = Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(",");
    const { warnings } = validateManifest(`${JSON.stringify(MINIMAL).slice(0, -1)},${stray}}`);
    expect(warnings).toHaveLength(501);
    expect(warnings.at(-1)?.message).toBe("There are 59500 more.");
    const wrong = Array.from({ length: 60_000 }, () => "1").join(",");
    const { problems } = validateManifest(
      `${JSON.stringify(MINIMAL).slice(0, -1)},"capabilities":[${wrong}]}`,
    );
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)?.message).toBe("There are 59500 more.");
  });

  it("ends in an answer for any text and any JSON (property)", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ ...MINIMAL, api: value, ui: value })),
        ),
        (text) => {
          const { manifest, problems } = validateManifest(text);
          expect(manifest === undefined).toBe(problems.length > 0);
          for (const problem of problems) {
            expect(problem.line).toBeGreaterThan(0);
            expect(problem.column).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
