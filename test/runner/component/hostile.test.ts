import { parse } from "@bytecodealliance/jco";
import { beforeAll, describe, expect, it } from "vitest";
import { requireSafeGlue } from "../../../core/runner/component/glue-safety.ts";
import {
  createMeter,
  failureOf,
  instantiateComponent,
  prepareComponent,
} from "../../../core/runner/component/index.ts";
import { buildTestComponent } from "../../support/components.ts";
import { hostImports, instantiate, type Loaded, load, PREPARE_LIMITS, request } from "./host.ts";

const code = (expected: string) => expect.objectContaining({ code: expected });

function escaped(name: string): string {
  return [...new TextEncoder().encode(name)]
    .map((byte) => `\\${byte.toString(16).padStart(2, "0")}`)
    .join("");
}

/** A component of core modules in which `name` is an import module, an import and an export. */
function componentNaming(name: string): Promise<Uint8Array> {
  const text = escaped(name);
  return parse(`(component
    (core module $a (func (export "${text}") (result i32) i32.const 1))
    (core module $b (import "${text}" "${text}" (func $f (result i32))) (func (export "handler") (result i32) call $f))
    (core instance $ia (instantiate $a))
    (core instance $ib (instantiate $b (with "${text}" (instance $ia))))
    (func (export "handler") (result u32) (canon lift (core func $ib "handler"))))`);
}

/** A component whose handler is one core function without parameters. */
function handlerOf(body: string, fields = ""): Promise<Uint8Array> {
  return parse(`(component
    (core module $m ${fields} (func $handler (export "handler") (result i32) ${body}))
    (core instance $i (instantiate $m))
    (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`);
}

function failing(loaded: Loaded, limits: Parameters<typeof instantiate>[1] = {}): string {
  const granted = { fuel: 1_000_000, ...PREPARE_LIMITS, ...limits };
  const meter = createMeter(granted);
  try {
    const { glue, modules } = loaded;
    instantiateComponent({ glue, modules, imports: hostImports(meter), ...granted }, meter).handler(
      request("/"),
    );
  } catch (error) {
    return failureOf(error, meter.usage());
  }
  return "none";
}

describe("what is not a component of the world is refused", () => {
  it.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("export function handler() {}")],
    ["a core module", new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
  ])("%s", async (_, bytes) => {
    await expect(prepareComponent(bytes, PREPARE_LIMITS)).rejects.toThrow(code("not_a_component"));
  });

  it("a truncated component, at many places, after which the next one is still prepared", async () => {
    const component = await buildTestComponent({
      source: "export function handler() { return { status: 200, headers: [] }; }",
      engine: "quickjs",
    });
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const cut = component.slice(0, Math.floor(component.length * share));
      await expect(prepareComponent(cut, PREPARE_LIMITS)).rejects.toThrow(code("invalid_component"));
    }
    await expect(prepareComponent(component, PREPARE_LIMITS)).resolves.toMatchObject({
      exports: ["handler", "init"],
    });
  });

  it.each([
    "wasi:sockets/tcp@0.2.0",
    "wasi:filesystem/secrets",
    "alga:extension/root-shell",
    "evil:package/types",
    "anything",
  ])("a component that imports %s", async (name) => {
    const isFunction = !name.includes(":");
    const imported = isFunction ? `(func $f)` : `(instance $i (export "f" (func)))`;
    const alias = isFunction ? "" : `(alias export $i "f" (func $f))`;
    const bytes = await parse(`(component (import "${name}" ${imported}) ${alias}
      (core func $lowered (canon lower (func $f)))
      (core module $m (import "x" "f" (func $f)) (func (export "h") (call $f)))
      (core instance $n (instantiate $m (with "x" (instance (export "f" (func $lowered))))))
      (func (export "handler") (canon lift (core func $n "h"))))`);
    await expect(prepareComponent(bytes, PREPARE_LIMITS)).rejects.toThrow(code("unknown_import"));
  });

  it.each([
    "(component)",
    `(component (core module $m (func (export "h"))) (core instance $i (instantiate $m))
      (func (export "handle") (canon lift (core func $i "h"))))`,
  ])("a component without the handler", async (text) => {
    await expect(parse(text).then((bytes) => prepareComponent(bytes, PREPARE_LIMITS))).rejects.toThrow(
      code("wrong_exports"),
    );
  });
});

it("components may be nested as deeply as composers nest them, and no deeper", async () => {
  const nested = async (depth: number) =>
    parse(
      `(component ${"(component ".repeat(depth)}${")".repeat(depth)} (core module $m (func (export "h") (result i32) i32.const 1))
        (core instance $i (instantiate $m)) (func (export "handler") (result u32) (canon lift (core func $i "h"))))`,
    );
  await expect(prepareComponent(await nested(8), PREPARE_LIMITS)).resolves.toMatchObject({
    exports: ["handler"],
  });
  await expect(prepareComponent(await nested(33), PREPARE_LIMITS)).rejects.toThrow(
    code("component_too_large"),
  );
});

describe("names cannot break out of the generated code", () => {
  it.each([
    `a'];globalThis.broken=1;//`,
    `a\\'];globalThis.broken=1;//`,
    `'+(globalThis.broken=1)+'`,
    `";globalThis.broken=1;"`,
    "`$" + "{globalThis.broken=1}`",
    "a\nglobalThis.broken=1;",
    "a\u2028globalThis.broken=1;",
    "\\",
    "\u0000",
    "é",
    "__proto__",
    "constructor",
  ])("%j", async (name) => {
    await expect(prepareComponent(await componentNaming(name), PREPARE_LIMITS)).rejects.toThrow(
      code("unsafe_component"),
    );
  });

  it.each(["a*/b", "$" + "{x}", "//", "[method]a.b", "cm32p2|x:y/z@0.2|f", "then", "class", "exports0"])(
    "harmless ones are accepted and mean what they say: %j",
    async (name) => {
      const loaded = await load(await componentNaming(name));
      expect(instantiate(loaded).handler(request("/"))).toBe(1);
    },
  );

  it.each([
    ["code that does not parse", "export function instantiate( {"],
    ["the process", "export function instantiate() { process.exit(1); }"],
    [
      "the process by way of the global object",
      "export function instantiate() { globalThis['process'].exit(1); }",
    ],
    ["the global object itself", "export function instantiate() { const g = globalThis; }"],
    ["a module", `import fs from "node:fs"; export function instantiate() {}`],
    ["a module at run time", `export function instantiate() { return import("node:fs"); }`],
    ["its own address", "export function instantiate() { return import.meta.url; }"],
    ["the function constructor", "export function instantiate() { return (() => 0).constructor('1'); }"],
    [
      "the function constructor by a computed name",
      "export function instantiate() { return (() => 0)['constructor']('1'); }",
    ],
    ["a shared prototype", "export function instantiate() { return ({}).__proto__; }"],
    ["an eval hidden by a declaration", "export function instantiate() { eval('1'); { let eval; } }"],
    ["the network", "export function instantiate() { fetch('http://x'); }"],
  ])("and glue that reaches for more is refused a second time: %s", (_, source) => {
    expect(() => requireSafeGlue(source)).toThrow(code("unsafe_component"));
  });
});

describe("a component that misbehaves is stopped, and the failure says why", () => {
  let recursion: Loaded;
  beforeAll(async () => {
    recursion = await load(await handlerOf("(call $handler)"));
  });

  it.each([
    ["an endless loop", "(loop (br 0)) (i32.const 0)", "", "fuel_exhausted"],
    ["its own trap", "unreachable", "", "trap"],
    ["an access out of bounds", "(i32.load (i32.const -4))", "(memory 1)", "trap"],
    ["an exception that nobody catches", "(throw 0)", "(tag)", "error"],
    [
      "a trap after refused growth",
      "(if (i32.eq (memory.grow (i32.const 60000)) (i32.const -1)) (then unreachable)) (i32.const 1)",
      "(memory 1)",
      "memory_limit",
    ],
    ["an endless start function", "(i32.const 1)", "(func $s (loop (br 0))) (start $s)", "fuel_exhausted"],
    ["a trap in the start function", "(i32.const 1)", "(func $s unreachable) (start $s)", "trap"],
  ])("%s", async (_, body, fields, cause) => {
    expect(failing(await load(await handlerOf(body, fields)))).toBe(cause);
  });

  it("endless recursion with fuel left overflows the stack", () => {
    expect(failing(recursion, { fuel: 1_000_000_000 })).toBe("stack_overflow");
  });

  it("endless recursion ends by its fuel when that is used up first", () => {
    expect(failing(recursion, { fuel: 1_000 })).toBe("fuel_exhausted");
  });

  it("many instances of one module share one memory limit", async () => {
    const instances = Array.from({ length: 30 }, (_, i) => `(core instance $i${i} (instantiate $m))`).join(
      "\n",
    );
    const loaded = await load(
      await parse(`(component (core module $m (memory 100) (func (export "h") (result i32) i32.const 1)) ${instances}
        (func (export "handler") (result u32) (canon lift (core func $i0 "h"))))`),
    );
    expect(failing(loaded, { maxMemoryPages: 2_999 })).toBe("memory_limit");
    expect(failing(loaded, { maxMemoryPages: 3_000 })).toBe("none");
  });

  it("memories take addresses, of which there are not enough for any number of empty ones", async () => {
    const memories = (instances: number, each: number) =>
      parse(`(component (core module $m ${"(memory 0)".repeat(each)} (func (export "h") (result i32) i32.const 1))
        ${Array.from({ length: instances }, (_, i) => `(core instance $i${i} (instantiate $m))`).join("\n")}
        (func (export "handler") (result u32) (canon lift (core func $i0 "h"))))`);
    expect(failing(await load(await memories(8, 4)))).toBe("none");
    expect(failing(await load(await memories(33, 1)))).toBe("memory_limit");
    expect(failing(await load(await memories(1, 33)))).toBe("memory_limit");
  });

  it("after a failure the next instance works", async () => {
    const loaded = await load(
      await handlerOf(
        "(if (i32.eqz (global.get 0)) (then (global.set 0 (i32.const 1)) (return (i32.const 7)))) unreachable",
        "(global (mut i32) (i32.const 0))",
      ),
    );
    for (let round = 0; round < 3; round++) {
      const instance = instantiate(loaded);
      expect(instance.handler(request("/"))).toBe(7);
      expect(() => instance.handler(request("/"))).toThrow(WebAssembly.RuntimeError);
    }
  });
});
