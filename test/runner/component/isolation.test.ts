import { parse } from "@bytecodealliance/jco";
import { describe, expect, it } from "vitest";
import type { Isolation } from "../../../core/contract/isolation.ts";
import { createMeter } from "../../../core/runner/component/index.ts";
import { importShape } from "../../../core/runner/guest/import-shape.ts";
import { InstanceSlot } from "../../../core/runner/guest/instance-slot.ts";
import { createLateImports } from "../../../core/runner/guest/late-imports.ts";
import { buildTestComponent, COMPONENT_ENGINES } from "../../support/components.ts";
import { hostImports, type Loaded, load, PREPARE_LIMITS, request } from "./host.ts";

const LIMITS = { fuel: 1_000_000_000, ...PREPARE_LIMITS };

/** A component whose handler is one core function without parameters that answers a number. */
function componentOf(body: string, fields = ""): Promise<Uint8Array> {
  return parse(`(component
    (core module $m ${fields} (func (export "handler") (result i32) ${body}))
    (core instance $i (instantiate $m))
    (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`);
}

/** The same with functions of the component model, which the handler's module imports from "h". */
function componentWith(definitions: string, functions: Record<string, string>, body: string) {
  const imports = Object.entries(functions).map(
    ([name, type]) => `(import "h" "${name}" (func $${name} ${type}))`,
  );
  const given = Object.keys(functions).map((name) => `(export "${name}" (func $${name}))`);
  return parse(`(component ${definitions}
    (core module $m ${imports.join(" ")} (func (export "handler") (result i32) ${body}))
    (core instance $i (instantiate $m (with "h" (instance ${given.join(" ")}))))
    (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`);
}

interface Attempt {
  readonly smuggles: string;
  /** Answers 1 on a pristine instance, and something else, or nothing, where an earlier call left its mark. */
  readonly component: () => Promise<Uint8Array>;
  /** Whether the instance of the call before serves again under `restore`. */
  readonly restored: boolean;
  /** Every second call. */
  readonly traps?: boolean;
  /** It ends with the call by itself, on an instance that is not put back as well. */
  readonly ofTheCall?: boolean;
}

const counted = (type: string): Attempt => ({
  smuggles: `a count in an ${type} global`,
  restored: true,
  component: () =>
    componentOf(
      `(global.set $g (${type}.add (global.get $g) (${type}.const 1))) (${type}.eq (global.get $g) (${type}.const 1))`,
      `(global $g (mut ${type}) (${type}.const 0))`,
    ),
});

/** A reference that is null once, and set for whoever comes next. */
const kept = (type: string, isNull: string, some: string, fields = ""): Attempt => ({
  smuggles: `a reference in a global of ${type}`,
  restored: true,
  component: () =>
    componentOf(
      `(${isNull} (global.get $g)) (global.set $g (${some}))`,
      `${fields} (global $g (mut ${type}) (ref.null ${type.replace("ref", "")}))`,
    ),
});

const ATTEMPTS: readonly Attempt[] = [
  {
    smuggles: "a count in memory",
    restored: true,
    component: () =>
      componentOf(
        "(i32.store (i32.const 70000) (i32.add (i32.load (i32.const 70000)) (i32.const 1))) (i32.load (i32.const 70000))",
        "(memory 2)",
      ),
  },
  {
    smuggles: "a changed byte of a data segment",
    restored: true,
    component: () =>
      componentOf(
        `(i32.load8_u (i32.const 5)) (i32.store8 (i32.const 5) (i32.const 9))`,
        `(memory 1) (data (i32.const 5) "\\01")`,
      ),
  },
  {
    smuggles: "a count in the second of two memories",
    restored: true,
    component: () =>
      componentOf(
        "(i32.store $b (i32.const 4) (i32.add (i32.load $b (i32.const 4)) (i32.const 1))) (i32.load $b (i32.const 4))",
        "(memory $a 1) (memory $b 1)",
      ),
  },
  ...["i32", "i64", "f32", "f64"].map(counted),
  {
    smuggles: "a count in a v128 global",
    restored: true,
    component: () =>
      componentOf(
        `(global.set $g (i32x4.add (global.get $g) (v128.const i32x4 0 0 1 0)))
        (i32x4.extract_lane 2 (global.get $g))`,
        "(global $g (mut v128) (v128.const i32x4 0 0 0 0))",
      ),
  },
  kept("funcref", "ref.is_null", "ref.func $f", "(func $f) (elem declare func $f)"),
  kept("externref", "ref.is_null", "extern.convert_any (ref.i31 (i32.const 1))"),
  kept("anyref", "ref.is_null", "ref.i31 (i32.const 1)"),
  kept(
    "exnref",
    "ref.is_null",
    "call $f",
    "(tag $t) (func $f (result exnref) (block $b (result exnref) (try_table (catch_all_ref $b) (throw $t)) unreachable))",
  ),
  {
    smuggles: "a field of an object on the engine's heap",
    restored: false,
    component: () =>
      componentOf(
        "(struct.get $s 0 (global.get $g)) (struct.set $s 0 (global.get $g) (i32.const 2))",
        "(type $s (struct (field (mut i32)))) (global $g (ref $s) (struct.new $s (i32.const 1)))",
      ),
  },
  {
    smuggles: "a count in a global that another module defines",
    restored: true,
    component: () =>
      parse(`(component
        (core module $a (global (export "g") (mut i32) (i32.const 0)))
        (core module $b (import "a" "g" (global $g (mut i32)))
          (func (export "handler") (result i32)
            (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))
        (core instance $ia (instantiate $a))
        (core instance $ib (instantiate $b (with "a" (instance $ia))))
        (func (export "handler") (result u32) (canon lift (core func $ib "handler"))))`),
  },
  {
    smuggles: "a function in a table",
    restored: true,
    component: () =>
      componentOf(
        "(ref.is_null (table.get $t (i32.const 3))) (table.set $t (i32.const 3) (ref.func $f))",
        "(table $t 8 funcref) (func $f) (elem declare func $f)",
      ),
  },
  {
    smuggles: "a function in a table that another module defines",
    restored: true,
    component: () =>
      parse(`(component
        (core module $a (table (export "t") 8 funcref))
        (core module $b (import "a" "t" (table $t 8 funcref)) (func $f) (elem declare func $f)
          (func (export "handler") (result i32)
            (ref.is_null (table.get $t (i32.const 3))) (table.set $t (i32.const 3) (ref.func $f))))
        (core instance $ia (instantiate $a))
        (core instance $ib (instantiate $b (with "a" (instance $ia))))
        (func (export "handler") (result u32) (canon lift (core func $ib "handler"))))`),
  },
  {
    smuggles: "the size of a table",
    restored: false,
    component: () =>
      componentOf(
        "(table.size $t) (drop (table.grow $t (ref.null func) (i32.const 1)))",
        "(table $t 1 funcref)",
      ),
  },
  {
    smuggles: "a function in a table too large to keep",
    restored: false,
    component: () =>
      componentOf(
        "(ref.is_null (table.get $t (i32.const 3))) (table.set $t (i32.const 3) (ref.func $f))",
        "(table $t 50000 funcref) (func $f) (elem declare func $f)",
      ),
  },
  {
    smuggles: "the size of a memory",
    restored: false,
    component: () => componentOf("(memory.size) (drop (memory.grow (i32.const 1)))", "(memory 1)"),
  },
  {
    smuggles: "a count in a page that its memory grew by",
    restored: false,
    component: () =>
      componentOf(
        `(drop (memory.grow (i32.const 1)))
        (i32.store (i32.const 70000) (i32.add (i32.load (i32.const 70000)) (i32.const 1))) (i32.load (i32.const 70000))`,
        "(memory 1 3)",
      ),
  },
  {
    smuggles: "bytes all over the pages that several memories grew by",
    restored: false,
    component: () =>
      componentOf(
        `(local $at i32) (local $found i32) (drop (memory.grow $a (i32.const 2))) (drop (memory.grow $b (i32.const 1)))
        (local.set $at (i32.const 65536))
        (loop
          (local.set $found (i32.or (local.get $found) (i32.or
            (i32.load $a (local.get $at)) (i32.load $b (i32.and (local.get $at) (i32.const 65535))))))
          (i32.store $a (local.get $at) (i32.const -1))
          (i32.store $b (i32.and (local.get $at) (i32.const 65535)) (i32.const -1))
          (br_if 0 (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 131072))))
        (i32.eqz (local.get $found))`,
        "(memory $a 1) (memory $b 0)",
      ),
  },
  {
    smuggles: "a dropped data segment",
    restored: false,
    component: () =>
      componentOf(
        "(memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d) (i32.load8_u (i32.const 0))",
        `(memory 1) (data $d "\\01")`,
      ),
  },
  {
    smuggles: "a dropped element segment",
    restored: false,
    component: () =>
      componentOf(
        "(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e) (i32.const 1)",
        "(table $t 1 funcref) (func $f) (elem $e func $f)",
      ),
  },
  {
    smuggles: "state through a trap half-way",
    restored: false,
    traps: true,
    component: () =>
      componentOf(
        `(if (i32.load (i32.const 0)) (then (return (i32.const 2))))
        (i32.store (i32.const 0) (i32.const 1)) unreachable`,
        "(memory 1)",
      ),
  },
  {
    smuggles: "a handle in the glue's own table",
    restored: true,
    component: () =>
      parse(`(component
        (type $r (resource (rep i32)))
        (core func $new (canon resource.new $r))
        (core module $m (import "r" "new" (func $new (param i32) (result i32)))
          (func (export "handler") (result i32) (call $new (i32.const 7))))
        (core instance $i (instantiate $m (with "r" (instance (export "new" (func $new))))))
        (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`),
  },
  {
    smuggles: "a handle of a resource of the host",
    restored: true,
    component: () =>
      componentWith(
        `(import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
        (alias export $streams "output-stream" (type $own))
        (import "wasi:cli/stdout@0.2.0" (instance $stdout (alias outer 1 $own (type $outer))
          (export "output-stream" (type $stream (eq $outer))) (export "get-stdout" (func (result (own $stream))))))
        (core func $get (canon lower (func $stdout "get-stdout")))`,
        { get: "(result i32)" },
        "(call $get)",
      ),
  },
  {
    smuggles: "a resource that nobody dropped, for its destructor to count",
    restored: true,
    component: () =>
      componentWith(
        `(core module $counting (global $count (mut i32) (i32.const 0))
          (func (export "drop") (param i32) (global.set $count (i32.add (global.get $count) (i32.const 1))))
          (func (export "count") (result i32) (global.get $count)))
        (core instance $counting (instantiate $counting))
        (alias core export $counting "count" (core func $count))
        (type $r (resource (rep i32) (dtor (core func $counting "drop"))))
        (core func $new (canon resource.new $r)) (core func $drop (canon resource.drop $r))`,
        { new: "(param i32) (result i32)", drop: "(param i32)", count: "(result i32)" },
        "(drop (call $new (i32.const 1))) (call $drop (call $new (i32.const 2))) (call $count)",
      ),
  },
  {
    smuggles: "a value in the context of its task",
    restored: true,
    ofTheCall: true,
    component: () =>
      componentWith(
        "(core func $get (canon context.get i32 0)) (core func $set (canon context.set i32 0))",
        { get: "(result i32)", set: "(param i32)" },
        "(i32.add (call $get) (i32.const 1)) (call $set (i32.const 7))",
      ),
  },
  {
    smuggles: "the ends of a future",
    restored: true,
    component: () =>
      componentWith(
        "(type $f (future u8)) (core func $new (canon future.new $f))",
        { new: "(result i64)" },
        "(i32.wrap_i64 (call $new))",
      ),
  },
  {
    smuggles: "a set of what it waits for",
    restored: true,
    component: () =>
      componentWith("(core func $new (canon waitable-set.new))", { new: "(result i32)" }, "(call $new)"),
  },
  {
    // 17: handle 1 of a task that has started.
    smuggles: "a task of a component within it that waits for what never comes",
    restored: false,
    component: () =>
      componentWith(
        `(component $inner
          (core func $set (canon waitable-set.new))
          (core module $m (import "h" "set" (func $set (result i32)))
            (func (export "run") (result i32) (i32.or (i32.const 2) (i32.shl (call $set) (i32.const 4))))
            (func (export "callback") (param i32 i32 i32) (result i32) unreachable))
          (core instance $i (instantiate $m (with "h" (instance (export "set" (func $set))))))
          (func (export "run") async
            (canon lift (core func $i "run") async (callback (core func $i "callback")))))
        (instance $waiting (instantiate $inner))
        (core func $run (canon lower (func $waiting "run") async))`,
        { run: "(result i32)" },
        "(i32.sub (call $run) (i32.const 16))",
      ),
  },
  {
    smuggles: "what its start function left",
    restored: true,
    component: () =>
      componentOf(
        "(global.set $g (i32.add (global.get $g) (i32.const 1))) (i32.sub (global.get $g) (i32.load (i32.const 0)))",
        `(memory 1) (global $g (mut i32) (i32.const 0))
        (func $s (i32.store (i32.const 0) (i32.const 41)) (global.set $g (i32.const 41))) (start $s)`,
      ),
  },
  {
    smuggles: "a handle that its start function took from the glue",
    restored: false,
    component: () =>
      parse(`(component
        (type $r (resource (rep i32)))
        (core func $new (canon resource.new $r))
        (core func $drop (canon resource.drop $r))
        (core module $m (import "r" "new" (func $new (param i32) (result i32))) (import "r" "drop" (func $drop (param i32)))
          (global $g (mut i32) (i32.const 0))
          (func $s (global.set $g (call $new (i32.const 7)))) (start $s)
          (func (export "handler") (result i32) (call $drop (global.get $g)) (global.get $g)))
        (core instance $i (instantiate $m (with "r" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
        (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`),
  },
];

const late = createLateImports(importShape());
const slotOf = ({ glue, modules }: Loaded) => new InstanceSlot({ glue, modules }, late.imports);

/** One invocation as the worker makes it, and the rest after it. */
function invoke(slot: InstanceSlot, isolation: Isolation) {
  const opening = slot.open(LIMITS, isolation);
  late.bind(hostImports(opening.meter));
  const instance = opening.instance();
  try {
    const answer = instance.handler(request("/"));
    late.bind(undefined);
    slot.rest({ meter: opening.meter, instance }, LIMITS, isolation);
    return { instance, answer, usage: opening.meter.usage() };
  } catch {
    slot.rest(undefined, LIMITS, isolation);
    return { instance, answer: "trap", usage: opening.meter.usage() };
  }
}

describe.each(ATTEMPTS)("a component that smuggles $smuggles", ({ component, restored, ...attempt }) => {
  const first = attempt.traps ? "trap" : 1;

  it.each(["restore", "strict"] as const)("finds nothing of it in the next call (%s)", async (isolation) => {
    const slot = slotOf(await load(await component()));
    const calls = [1, 2, 3].map(() => invoke(slot, isolation));
    expect(calls.map(({ answer }) => answer)).toEqual(Array(3).fill(first));
    expect(calls.map(({ usage }) => usage)).toEqual(Array(3).fill(calls[0]?.usage));
    const sameInstance = calls[0]?.instance === calls[1]?.instance;
    expect(sameInstance).toBe(isolation === "restore" && restored);
  });

  it("would find it if nothing were put back", async () => {
    const instance = slotOf(await load(await component()))
      .open(LIMITS, "strict")
      .instance();
    const call = () => {
      try {
        return instance.handler(request("/"));
      } catch {
        return "trap";
      }
    };
    late.bind(hostImports(createMeter(LIMITS)));
    const answers = [call(), call()];
    late.bind(undefined);
    expect([answers[0], answers[1] === 1]).toEqual([first, attempt.ofTheCall === true]);
  });
});

describe("the host's side of an instance", () => {
  const CALLS_AT_START = `(component
    (import "alga:extension/context" (instance $host (export "get-context" (func))))
    (core func $host (canon lower (func $host "get-context")))
    (core module $m (import "h" "f" (func $f)) (start $f) (func (export "handler") (result i32) i32.const 1))
    (core instance $i (instantiate $m (with "h" (instance (export "f" (func $host))))))
    (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`;

  it.each(["restore", "strict"] as const)(
    "is bound to an execution, so that a start function cannot call it between two (%s)",
    async (isolation) => {
      const slot = slotOf(await load(await parse(CALLS_AT_START)));
      for (let round = 1; round <= 3; round++) {
        let calls = 0;
        late.bind({ "alga:extension/context": { getContext: () => void calls++ } });
        const opening = slot.open(LIMITS, isolation);
        const instance = opening.instance();
        expect([instance.handler(request("/")), calls]).toEqual([1, 1]);
        late.bind(undefined);
        slot.rest({ meter: opening.meter, instance }, LIMITS, isolation);
        expect(slot.heldBytes).toBe(0);
      }
    },
  );

  it("charges every invocation for its instantiation, and judges it by its own limits", async () => {
    const slot = slotOf(
      await load(
        await componentOf(
          "i32.const 1",
          "(memory 3) (func $s (local i32) (local.set 0 (i32.const 100)) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))) (start $s)",
        ),
      ),
    );
    const first = invoke(slot, "restore");
    const second = invoke(slot, "restore");
    expect(second.instance).toBe(first.instance);
    expect(second.usage).toEqual(first.usage);
    expect(second.usage.peakMemoryBytes).toBe(3 * 65_536);
    expect(second.usage.fuelUsed).toBeGreaterThan(100);

    const poor = slot.open({ ...LIMITS, fuel: 50 }, "restore");
    expect(() => poor.instance().handler(request("/"))).toThrow(WebAssembly.RuntimeError);
    expect(poor.meter.usage()).toMatchObject({ fuelExhausted: true, fuelUsed: 50 });
    slot.rest(undefined, LIMITS, "restore");
    const small = slot.open({ ...LIMITS, maxMemoryPages: 2 }, "restore");
    expect(() => small.instance()).toThrow(/more memory/u);
    expect(small.meter.usage().memoryLimitHit).toBe(true);
  });
});

describe.each(COMPONENT_ENGINES)("an instance built for %s", (engine) => {
  const SOURCE = `
    let calls = 0;
    const kept = [];
    globalThis.leak = 0;
    export function handler(request) {
      calls++; kept.push(request.http.url); globalThis.leak++;
      Array.prototype.leak = (Array.prototype.leak ?? 0) + 1;
      const text = JSON.stringify([calls, kept.length, globalThis.leak, [].leak]);
      return { status: 200, headers: [], body: Uint8Array.from(text, (letter) => letter.charCodeAt(0)) };
    }`;

  it("is put back, and answers and uses the same as a new one", async () => {
    const loaded = await load(await buildTestComponent({ source: SOURCE, engine }));
    const text = (answer: unknown) => new TextDecoder().decode((answer as { body: Uint8Array }).body); // as written above
    const fresh = invoke(slotOf(loaded), "strict");
    const slot = slotOf(loaded);
    const calls = [1, 2, 3].map(() => invoke(slot, "restore"));
    expect(new Set(calls.map(({ instance }) => instance)).size).toBe(1);
    for (const { answer, usage } of calls) {
      expect(text(answer)).toBe("[1,1,1,1]");
      expect(usage).toEqual(fresh.usage);
    }
    expect(slot.heldBytes).toBeGreaterThan(1_000_000);
  });
});
