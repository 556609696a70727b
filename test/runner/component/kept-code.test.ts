import { parse } from "acorn";
import { describe, expect, it } from "vitest";
import { loadGlue } from "../../../core/runner/component/glue.ts";
import { type GlueHost, GlueRuns } from "../../../core/runner/component/glue-host.ts";
import { withKeptCode } from "../../../core/runner/component/kept-code.ts";
import { createMeter } from "../../../core/runner/component/meter.ts";

const LIMITS = { fuel: 1_000, maxMemoryPages: 1, maxTableElements: 1 };

function split(body: string): string {
  const source = `export function instantiate(getCoreModule, imports, instantiateCore) {\n${body}\n}`;
  return withKeptCode(source, parse(source, { ecmaVersion: "latest", sourceType: "module" }));
}

/** Functions that the glue hands out, before and after it has run again. */
async function runs(body: string) {
  const glue = await loadGlue(split(body));
  const host = new GlueRuns(new Map(), createMeter(LIMITS));
  const code = glue.instantiate(() => new WebAssembly.Module(new Uint8Array()), {}, host.host as GlueHost);
  const first = code.run();
  host.seal(code);
  return { first, again: () => code.run() };
}

function call(exports: Record<string, unknown>, name = "next"): unknown {
  const found = exports[name];
  if (typeof found !== "function") throw new TypeError(`no function ${name}`);
  return found();
}

describe("what a run of the glue leaves behind", () => {
  it.each([
    ["in a variable", "let n = 0; function next() { return ++n; } return { next };"],
    [
      "in a variable without a value",
      "let n; function next() { n = (n ?? 0) + 1; return n; } return { next };",
    ],
    ["in a constant object", "const held = { n: 0 }; const next = () => ++held.n; return { next };"],
    [
      "in a map",
      "const m = new Map(); function next() { m.set(m.size, 0); return m.size; } return { next };",
    ],
    [
      "in a variable of a pattern",
      "const { n: held } = { n: [] }; const next = () => held.push(0); return { next };",
    ],
    ["in a static field", "class Task { static last = 0; } const next = () => ++Task.last; return { next };"],
    [
      "in an object in a static field",
      "class Task { static all = []; static take() { return Task.all.push(0); } } return { next: () => Task.take() };",
    ],
    [
      "in the closure of a function that is made in the run",
      "function counter() { let n = 0; return () => ++n; } let next = counter(); return { next };",
    ],
    [
      "in the scope of the component's generator",
      `let gen = (function* () { let n = 0; function next() { return ++n; } return { next }; })();
       return gen.next().value;`,
    ],
    [
      "in what a function is bound to",
      "function count(held) { return ++held.n; } let next = count.bind(null, { n: 0 }); return { next };",
    ],
  ])("is gone in the next one when it lies %s", async (_, body) => {
    const { first, again } = await runs(body);
    expect([call(first), call(first)]).toEqual([1, 2]);
    const second = again();
    expect([call(second), call(second)]).toEqual([1, 2]);
  });

  it.each([
    ["a function", "function next() { next.n = 1; } return { next };"],
    ["a constant function", "const next = function () { next.n = 1; }; return { next };"],
    ["a function's prototype", "function next() { next.prototype.n = 1; } return { next };"],
    ["a class", "class Task {} const next = () => { Task.n = 1; }; return { next };"],
    ["a class's prototype", "class Task {} const next = () => { Task.prototype.n = 1; }; return { next };"],
    ["a method", "class Task { do() {} } const next = () => { Task.prototype.do = 1; }; return { next };"],
    [
      "a method's own properties",
      "class Task { do() {} } const next = () => { Task.prototype.do.n = 1; }; return { next };",
    ],
    [
      "a static method",
      "class Task { static do() {} } const next = () => { Task.do.n = 1; }; return { next };",
    ],
    [
      "an accessor",
      "class Task { get it() { return 0; } } const next = () => { Object.getOwnPropertyDescriptor(Task.prototype, 'it').get.n = 1; }; return { next };",
    ],
  ])("cannot be left in %s", async (_, body) => {
    const { first } = await runs(body);
    expect(() => call(first)).toThrow(TypeError);
  });

  it("is not what is noted on a function once and for all", async () => {
    const { first, again } = await runs(
      "function named() {} named.title = 'x'; const next = () => named.title; return { next };",
    );
    expect([call(first), call(again())]).toEqual(["x", "x"]);
  });
});

describe("functions and classes", () => {
  it("stay the same from one run to the next", async () => {
    const { first, again } = await runs(
      "function f() {} class C {} const g = () => 0; let made = () => 0; return { f, C, g, made };",
    );
    const second = again();
    expect(second).toMatchObject({ f: first.f, C: first.C, g: first.g });
    expect(second.made).not.toBe(first.made);
  });
});

describe("glue of another form", () => {
  it.each([
    ["without its function", undefined],
    ["whose scopes share a name", "let n; let gen = (function* () { let n; })();"],
    ["that declares what it is given", "let gen = (function* () { let imports; })();"],
    ["with a class that runs code", "class C { static { } }"],
    ["with a private static field", "class C { static #n = 0; }"],
    ["with a static field that refers to its class", "class C { static n = () => this; }"],
    ["with a pattern of a list", "const [n] = [0];"],
    ["that looks for a note before it is made", "function f() {} let x = f.note ? 1 : 2; f.note = 1;"],
  ])("is refused: %s", (_, body) => {
    const source = "export const other = 1;";
    expect(() =>
      body === undefined
        ? withKeptCode(source, parse(source, { ecmaVersion: "latest", sourceType: "module" }))
        : split(body),
    ).toThrow(expect.objectContaining({ code: "invalid_component" }));
  });
});
