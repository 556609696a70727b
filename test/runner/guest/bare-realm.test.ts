import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { type Node, parse } from "acorn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declaredNames } from "../../../core/runner/component/declared-names.ts";
import { GLUE_GLOBALS } from "../../../core/runner/component/index.ts";
import { childrenOf, identifierName } from "../../../core/runner/component/syntax-tree.ts";
import type { GuestOutcome } from "../../../core/runner/guest/messages.ts";
import { GuestWorker } from "../../../core/runner/pool/guest-worker.ts";

const ENTRY = new URL("../../../core/runner/guest/worker.ts", import.meta.url);
const output: string[] = [];
let worker: GuestWorker;
let runs = 0;
beforeAll(async () => {
  worker = new GuestWorker(ENTRY, (text) => output.push(text));
  worker.tenant = "tenant";
  await worker.ready;
});
afterAll(() => worker.kill({ kind: "failure", code: "internal", message: "over" }));

/** Runs code where generated glue runs, as if it had got past the checks of names and of glue. */
async function asGlue(code: string): Promise<unknown> {
  const outcome = await run(`export function instantiate() {
    return { kept: [], run: () => ({ handler() {
      const attempt = (what) => { try { return String(what()); } catch (error) { return error.name + ": " + error.message; } };
      const report = (() => { ${code} })();
      return { status: 200, headers: [], body: new TextEncoder().encode(JSON.stringify(report)) };
    } }) };
  }`);
  if (outcome.kind !== "response") return outcome;
  return JSON.parse(new TextDecoder().decode(outcome.response.body));
}

async function run(source: string): Promise<GuestOutcome> {
  const id = ++runs;
  const context = { request_id: "r", tenant_id: "t", extension_id: "e", install_id: "i", version_id: "v" };
  const { outcome } = await worker.run(
    {
      id,
      program: String(id),
      deadlineUs: Number.MAX_SAFE_INTEGER,
      granted: new Set(),
      scope: { context, user: undefined },
      http: { method: "GET", url: "/", headers: [], body: undefined },
      limits: { memory_mb: 1, fuel: 1_000 },
      isolation: "strict",
      inputs: { randomSeed: new Uint8Array(32) },
    },
    { source, modules: [], bytes: source.length },
    {
      onLog: () => undefined,
      onCall: async () => ({ kind: "value", value: undefined }),
      onLocalCall: () => undefined,
      onRun: () => undefined,
    },
  );
  return outcome;
}

describe("glue that got past every check", () => {
  it("finds in the global scope what generated glue needs, and nothing else", async () => {
    // A module sees no global object, so it is asked about every name that the engine and Node have.
    const known = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
    expect(known).toEqual(
      expect.arrayContaining(["process", "fetch", "SharedArrayBuffer", "setTimeout", "eval"]),
    );
    const asked = [...new Set([...known, "require", "module", "self", "window", "Worker"])];
    const tests = asked.map(
      (name) =>
        `${JSON.stringify(name)}: (() => { try { return ${name}, true; } catch { return false; } })()`,
    );
    const found = (await asGlue(`return { ${tests.join(", ")} };`)) as Record<string, boolean>; // our own report
    const left = Object.keys(found).filter((name) => found[name]);
    expect(left.sort()).toEqual(
      [...GLUE_GLOBALS].filter((name) => name !== "arguments" && name !== "vals").sort(),
    );
  });

  it("imports no module, whatever it names", async () => {
    for (const specifier of [
      "node:fs",
      "fs",
      "node:process",
      "zod",
      "./worker.ts",
      "data:text/javascript,1",
    ]) {
      const source = `import * as it from ${JSON.stringify(specifier)}; export function instantiate() { return it; }`;
      expect(await run(source)).toMatchObject({ kind: "failure", code: "bad_handler" });
    }
    expect(
      await asGlue(
        `import("node:fs").then((fs) => { Object.reached = fs; }).catch(() => 0); return "later";`,
      ),
    ).toBe("later");
    expect(await asGlue("return typeof Object.reached;")).toBe("undefined");
  });

  it("makes no code from strings", async () => {
    const report = await asGlue(`
      const makers = [() => 0, async () => 0, function* () {}, async function* () {}, Object, class {}];
      return makers.map((maker) => attempt(() => maker.constructor("return 1")()));`);
    expect(report).toEqual(new Array(6).fill("TypeError: maker.constructor(...) is not a function"));
  });

  it("changes nothing that the next execution, another extension or the platform uses", async () => {
    const report = await asGlue(`
      const reached = [
        () => { Object.prototype.then = 1; },
        () => { Object.prototype.toString = 1; },
        () => { Array.prototype.push = 1; },
        () => { ({}).__proto__.polluted = 1; },
        () => { [][Symbol.iterator]().__proto__.next = 1; },
        () => { (function* () {})().__proto__.__proto__.__proto__.next = 1; },
        () => { new Uint8Array(1).__proto__.__proto__.set = 1; },
        () => { Error.prepareStackTrace = (_, sites) => sites; },
        () => { new RangeError("x").__proto__.message = 1; },
        () => { Promise.prototype.then = 1; },
        () => { /./.__proto__.exec = 1; },
        () => { WebAssembly.Instance = 1; },
        () => { console.error = 1; },
        () => { JSON = 1; },
        () => { Map = 1; },
        () => { smuggled = 1; },
      ];
      return reached.map((each) => attempt(each).replace(/:.*/s, ""));`);
    expect(report).toEqual([...new Array(15).fill("TypeError"), "ReferenceError"]);
  });

  it("still works: objects shadow what they inherit, errors keep their message and their place", async () => {
    const report = await asGlue(`
      const own = {}; own.toString = () => "own"; own.constructor = 1;
      const error = new TypeError("m"); error.name = "Named";
      return [String(own), Object.keys(own), String(error), error.stack.includes("extension-glue.js"), \`\${[1, 2].map((n) => n + 1)}\`];`);
    expect(report).toEqual(["own", ["toString", "constructor"], "Named: m", true, "2,3"]);
  });

  it("prints nothing", async () => {
    await asGlue(`console.log("x"); console.error("x"); return 1;`);
    expect(output).toEqual([]);
  });
});

describe("the platform's own code in a guest's worker", () => {
  it("refers to no global by name once those are gone", () => {
    const offending: string[] = [];
    for (const [file, program] of modulesFrom(ENTRY)) {
      const declared = new Set([...declaredNames(program), ...importedNames(program)]);
      for (const name of referredLater(program))
        if (!declared.has(name) && !GLUE_GLOBALS.has(name)) offending.push(`${file}: ${name}`);
    }
    // Strips the realm itself, before anything else runs.
    expect(offending.filter((found) => !found.includes("/guest/bare-realm.ts"))).toEqual([]);
  });
});

function* modulesFrom(entry: URL): Generator<[string, Node]> {
  const pending = [entry.href];
  const seen = new Set<string>();
  for (let url = pending.pop(); url !== undefined; url = pending.pop()) {
    if (seen.has(url)) continue;
    seen.add(url);
    const text = stripTypeScriptTypes(readFileSync(new URL(url), "utf8"));
    const program = parse(text, { ecmaVersion: "latest", sourceType: "module" });
    for (const [, specifier = ""] of text.matchAll(/^(?:import|export|\}) [^;]*?from "(\.[^"]+)";/gm))
      pending.push(new URL(specifier, url).href);
    yield [url, program];
  }
}

function importedNames(program: Node): string[] {
  if (program.type !== "Program" || !("body" in program) || !Array.isArray(program.body)) return [];
  return program.body
    .filter((node) => node.type === "ImportDeclaration")
    .flatMap(({ specifiers }) => specifiers.map(({ local }: { local: { name: string } }) => local.name));
}

/** Names in functions: the rest of a module runs when it is loaded. */
function referredLater(node: Node, inFunction = false): string[] {
  if (node.type === "MetaProperty" || node.type === "ImportExpression") return [];
  const name = inFunction ? identifierName(node) : undefined;
  const inside = inFunction || /Function|MethodDefinition/.test(node.type);
  return [
    ...(name === undefined ? [] : [name]),
    ...childrenOf(node).flatMap((child) => referredLater(child, inside)),
  ];
}
