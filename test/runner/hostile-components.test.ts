import { parse } from "@bytecodealliance/jco";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { manifest, openRunnerHome, type RequestChange, type RunnerHome } from "./support/runner-home.ts";
import { componentOf, responding } from "./support/wat-components.ts";

/** Everything here runs on one runner: what one component does must not be seen by the next. */
let home: RunnerHome;
let good: ContentHash;
beforeAll(async () => {
  home = await openRunnerHome();
  good = await publish(await componentOf(responding("204")));
});
afterAll(() => home.close());

const publish = (component: Uint8Array) =>
  home.publish({ "manifest.json": manifest(), "dist/main.wasm": component });

/** Calls a component that is up to no good, then a good one: on the same process, and rightly. */
async function attack(component: Uint8Array, change: RequestChange = {}) {
  const pid = home.supervisor.state().pid;
  const answer = await home.call(await publish(component), change);
  expect(await home.call(good)).toMatchObject({ status: 204, headers: [] });
  expect(home.supervisor.state()).toMatchObject({ status: "running", pid, restarts: 0 });
  return answer;
}

const LIMITS = { fuel: 20_000_000, memory_mb: 16 };
const ENDLESS = "(loop $l (br $l))";
const GROW = (index: string) =>
  `(loop $l (br_if $l (i32.ne (memory.grow ${index} (i32.const 16)) (i32.const -1)))) unreachable`;

describe("a component that wants more than it may have", () => {
  it.each([
    ["an endless loop, by its fuel", { body: ENDLESS }, LIMITS, "fuel_exhausted"],
    ["an endless loop, by its deadline", { body: ENDLESS }, { timeout_ms: 200, fuel: 1e15 }, "timeout"],
    ["deep recursion", { fields: "(func $r (call $r))", body: "(call $r)" }, { fuel: 1e12 }, "bad_handler"],
    [
      "recursion through tail calls",
      { fields: "(func $r (return_call $r))", body: "(call $r)" },
      LIMITS,
      "fuel_exhausted",
    ],
    ["memory, grown", { body: GROW("0") }, LIMITS, "memory_limit"],
    [
      "memory, grown in one of several",
      { fields: "(memory $b 1) (memory $c 1)", body: GROW("$c") },
      LIMITS,
      "memory_limit",
    ],
    ["memory, from the start", { fields: "(memory $b 600)" }, LIMITS, "memory_limit"],
    [
      "memory, from the start and over several",
      { fields: "(memory 100) (memory 100) (memory 100)" },
      LIMITS,
      "memory_limit",
    ],
    [
      "memories without a page, which take addresses",
      { fields: "(memory 0)".repeat(40) },
      LIMITS,
      "memory_limit",
    ],
    [
      "table elements, grown",
      {
        fields: "(table $t 0 funcref)",
        body: `(loop $l (br_if $l (i32.ne (table.grow $t (ref.null func) (i32.const 65536)) (i32.const -1)))) unreachable`,
      },
      LIMITS,
      "memory_limit",
    ],
    [
      "a start section that does not end",
      { fields: `(func $s ${ENDLESS}) (start $s)` },
      LIMITS,
      "fuel_exhausted",
    ],
    ["a start section that traps", { fields: "(func $s unreachable) (start $s)" }, LIMITS, "bad_handler"],
    [
      "one instruction over gigabytes",
      { body: "(memory.fill (i32.const 0) (i32.const 1) (i32.const -1))" },
      LIMITS,
      "fuel_exhausted",
    ],
    [
      "exceptions without end",
      { fields: "(tag $t)", body: "(loop $l (block $c (try_table (catch_all $c) (throw $t))) (br $l))" },
      { ...LIMITS, fuel: 100_000 },
      "fuel_exhausted",
    ],
  ] as const)("%s", async (_name, program, limits, code) => {
    const answer = await attack(await componentOf(program), { limits });
    expect(answer).toMatchObject({ status: 502, error: { code } });
    expect(answer.error?.message).not.toMatch(/unreachable|wasm|at /);
    if (code === "fuel_exhausted") expect(answer.usage.fuel).toBe(limits.fuel);
    expect(answer.usage.memory_bytes).toBeLessThanOrEqual(LIMITS.memory_mb * 1024 * 1024);
  });

  it("endless host calls", async () => {
    const answer = await attack(
      await componentOf({ body: "(loop $l (call $log (i32.const 0) (i32.const 1)) (br $l))" }),
    );
    expect(answer).toMatchObject({ status: 502, error: { code: "quota_exceeded" } });
    // A flood of lines on the way: what is over the cap is counted, not kept.
    expect(answer.lines.length).toBeLessThanOrEqual(1_001);
    expect(answer.lines.at(-1)?.message).toMatch(/^dropped \d+ log lines/);
  });

  it("a line of twenty megabytes is cut like any other", async () => {
    const body = "(drop (memory.grow (i32.const 400))) (call $log (i32.const 4096) (i32.const 20000000))";
    const { status, lines } = await attack(await componentOf({ ...responding("200"), body }));
    expect([status, lines.map(({ truncated, message }) => [truncated, message.length])]).toEqual([
      200,
      [[true, 8_192]],
    ]);
  });

  it("a request and a response of ten mebibytes are fine, and one byte more of a response is not", async () => {
    const size = 10 * 1024 * 1024;
    const answering = (bytes: number) =>
      componentOf({ ...responding("200", { body: bytes }), body: "(drop (memory.grow (i32.const 400)))" });
    const body_b64 = Buffer.alloc(size, 1).toString("base64");
    const whole = await attack(await answering(size), { http: { method: "POST", body_b64 } });
    expect([whole.status, String(whole.body).length]).toEqual([200, size]);
    expect(await attack(await answering(size + 1))).toMatchObject({ error: { code: "response_too_large" } });
    // A list that ends outside the memory is cut at its end: there is nothing behind it that could be read.
    const beyond = await attack(await answering(40 * 1024 * 1024));
    expect(beyond).toMatchObject({ error: { code: "response_too_large" } });
    expect(beyond.error?.message).toContain(`is ${408 * 65_536} bytes`);
  });
});

describe("a component that fills what the runner keeps for it", () => {
  it("a host call frees its place: asking for the time without end is no flood", async () => {
    const component = await parse(`(component
      (import "wasi:clocks/monotonic-clock@0.2.3" (instance $clock (export "now" (func (result u64)))))
      (alias export $clock "now" (func $lifted))
      (core func $now (canon lower (func $lifted)))
      (core module $m (import "h" "now" (func $now (result i64)))
        (func (export "handler") (result i32) (local $n i32)
          (loop $l (drop (call $now))
            (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 260000))))
          (local.get $n)))
      (core instance $i (instantiate $m (with "h" (instance (export "now" (func $now))))))
      (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`);
    const answer = await attack(component);
    // It came to its end: what it answers is a number and no response.
    expect(answer.error?.code).toBe("bad_handler");
    expect(answer.usage.fuel).toBeGreaterThan(260_000);
  });

  /** Under the world's handler, `loop` again and again, over canonical functions that are declared before. */
  const flooding = (declared: string, imports: string, given: string, loop: string) =>
    parse(`(component ${declared}
      (core module $m ${imports} (func (export "handler") (result i32) (local $n i32) (loop $l ${loop} (br $l)) unreachable))
      (core instance $i (instantiate $m (with "h" (instance ${given}))))
      (func (export "handler") (result u32) (canon lift (core func $i "handler"))))`);
  const RESOURCE = `(type $r (resource (rep i32))) (core func $new (canon resource.new $r)) (core func $drop (canon resource.drop $r))`;
  const HANDLES = `(import "h" "new" (func $new (param i32) (result i32))) (import "h" "drop" (func $drop (param i32)))`;
  const GIVEN = `(export "new" (func $new)) (export "drop" (func $drop))`;

  it.each([
    ["handles", flooding(RESOURCE, HANDLES, GIVEN, "(drop (call $new (i32.const 7)))")],
    [
      "handles of ever new things, each dropped",
      flooding(
        RESOURCE,
        HANDLES,
        GIVEN,
        "(local.set $n (i32.add (local.get $n) (i32.const 1))) (call $drop (call $new (local.get $n)))",
      ),
    ],
    [
      "arrays on the engine's heap, each twice as long",
      componentOf({
        fields: "(type $a (array (mut i64))) (global $kept (mut (ref null $a)) (ref.null $a))",
        body: `(local $n i32) (local.set $n (i32.const 1000)) (loop $l
          (global.set $kept (array.new_default $a (local.get $n))) (local.set $n (i32.shl (local.get $n) (i32.const 1))) (br $l))`,
      }),
    ],
  ])("%s", async (_name, component) => {
    for (let call = 0; call < 3; call++)
      expect(await attack(await component)).toMatchObject({ status: 502, error: { code: "memory_limit" } });
  });
});

describe("a component that hands over more at once than there is room for", () => {
  const LARGE = { limits: { ...LIMITS, memory_mb: 96, fuel: 1e9 } };
  /** A list at 65536 whose elements all are the same text of twenty megabytes, or two of it. */
  const sameText = (texts: number, words: number) => `(local $at i32) (drop (memory.grow (i32.const 400)))
    (local.set $at (i32.const 65536))
    (loop $l
      (i32.store (local.get $at) (i32.const 1000000)) (i32.store offset=4 (local.get $at) (i32.const 20000000))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $l (i32.lt_u (local.get $at) (i32.const ${65_536 + texts * words * 8}))))`;
  /** A handler of a type of its own: the glue lifts its answer before anybody looks at it. */
  const answeringList = (of: string, length: number, before: string) =>
    parse(`(component
      (core module $m (memory (export "memory") 16)
        (func (export "handler") (result i32) ${before}
          (i32.store (i32.const 256) (i32.const 65536)) (i32.store (i32.const 260) (i32.const ${length})) (i32.const 256)))
      (core instance $i (instantiate $m)) (alias core export $i "memory" (core memory $memory))
      (func (export "handler") (result (list ${of})) (canon lift (core func $i "handler") (memory $memory))))`);

  it.each([
    [
      "one text",
      componentOf({
        body: `(drop (memory.grow (i32.const 1100))) (call $log (i32.const 0) (i32.const 68000000))`,
      }),
    ],
    [
      "the same text in every header",
      componentOf({ ...responding("200", { headersAt: 65_536, headerCount: 100 }), body: sameText(100, 2) }),
    ],
    [
      "a million headers",
      componentOf({
        ...responding("200", { headersAt: 1_000_000, headerCount: 1_000_000 }),
        body: "(drop (memory.grow (i32.const 400)))",
      }),
    ],
    ["the same text a hundred times", answeringList("string", 100, sameText(100, 1))],
    ["the same bytes a hundred times", answeringList("(list u8)", 100, sameText(100, 1))],
    [
      "a list of twenty million elements",
      answeringList("bool", 20_000_000, "(drop (memory.grow (i32.const 400)))"),
    ],
  ])("%s", async (_name, component) => {
    expect(await attack(await component, LARGE)).toMatchObject({ error: { code: "memory_limit" } });
  });
});

describe("a component that fills what WASI keeps for it", () => {
  /** A message's headers, thirty megabytes more of them again and again. */
  const headers = () =>
    parse(`(component
      (import "wasi:http/types@0.2.0" (instance $http (export "fields" (type $f (sub resource)))
        (type $error (variant (case "invalid-syntax") (case "forbidden") (case "immutable"))) (export "header-error" (type $e (eq $error)))
        (export "[constructor]fields" (func (result (own $f))))
        (export "[method]fields.append" (func (param "self" (borrow $f)) (param "name" string) (param "value" (list u8)) (result (result (error $e)))))))
      (core module $mem (memory (export "memory") 500)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
      (core instance $mi (instantiate $mem))
      (alias core export $mi "memory" (core memory $memory)) (alias core export $mi "realloc" (core func $realloc))
      (core func $new (canon lower (func $http "[constructor]fields")))
      (core func $append (canon lower (func $http "[method]fields.append") (memory $memory) (realloc $realloc)))
      (core module $m (import "h" "new" (func $new (result i32))) (import "h" "append" (func $append (param i32 i32 i32 i32 i32 i32)))
        (import "h" "memory" (memory 500)) (data (i32.const 0) "x-a")
        (func (export "handler") (local $fields i32) (local.set $fields (call $new))
          (loop $l (call $append (local.get $fields) (i32.const 0) (i32.const 3) (i32.const 64) (i32.const 30000000) (i32.const 32)) (br $l))))
      (core instance $i (instantiate $m (with "h" (instance
        (export "new" (func $new)) (export "append" (func $append)) (export "memory" (memory $memory))))))
      (func (export "handler") (canon lift (core func $i "handler"))))`);

  // So little fuel that a fault of ours takes a gigabyte and not all there is.
  it("is refused more than a message can be, and has as much again in the next call", async () => {
    const hash = await publish(await headers());
    for (let call = 0; call < 3; call++) {
      const answer = await home.call(hash, { limits: { fuel: 50, memory_mb: 64 } });
      expect(answer).toMatchObject({ status: 502, error: { code: "memory_limit" } });
    }
  });
});

describe("a component that declares other types than the world's", () => {
  const LARGE = { limits: { ...LIMITS, memory_mb: 256, fuel: 1e9 } };
  /** Calls a function of the host with a list of `of` over two hundred megabytes. */
  const calling = (name: string, fn: string, of: string, length: number) =>
    parse(`(component
      (import "alga:extension/${name}" (instance $x (export "${fn}" (func (param "m" (list ${of}))))))
      (core module $mem (memory (export "memory") 8)) (core instance $mi (instantiate $mem))
      (alias core export $mi "memory" (core memory $memory))
      (core func $f (canon lower (func $x "${fn}") (memory $memory)))
      (core module $m (import "h" "f" (func $f (param i32 i32))) (import "h" "memory" (memory 8))
        (func (export "handler") (drop (memory.grow (i32.const 3500)))
          (call $f (i32.const 0) (i32.const ${length}))))
      (core instance $i (instantiate $m (with "h" (instance (export "f" (func $f)) (export "memory" (memory $memory))))))
      (func (export "handler") (canon lift (core func $i "handler"))))`);
  /** Answers a record of these fields that lies at 256, and grows before. */
  const answering = (fields: string, data: string, pages = 0) =>
    parse(`(component (type $own (record ${fields})) (import "r" (type $r (eq $own)))
      (core module $m (memory (export "memory") 8) (data (i32.const 256) "${data}")
        (func (export "handler") (result i32) (drop (memory.grow (i32.const ${pages}))) (i32.const 256)))
      (core instance $i (instantiate $m)) (alias core export $i "memory" (core memory $memory))
      (func (export "handler") (result $r) (canon lift (core func $i "handler") (memory $memory))))`);
  const OK = "\\c8\\00\\00\\00"; // 200
  const ANOTHER = "something else than a response";
  const NONE = "\\00".repeat(16);

  it.each([
    ["numbers for a key", calling("storage", "get", "u64", 25_000_000), "quota_exceeded", "more than"],
    ["bytes for a line", calling("logging", "log-info", "u8", 200_000_000), "bad_handler", "no text"],
    [
      "numbers for headers",
      answering(
        `(field "status" u16) (field "headers" (list u64)) (field "body" (option (list u8)))`,
        `${OK}\\00\\00\\01\\00\\40\\78\\7d\\01${NONE}`,
        3_500,
      ),
      "response_too_large",
      "headers",
    ],
    [
      "text for a body",
      answering(`(field "status" u16) (field "headers" (list string)) (field "body" string)`, OK + NONE),
      "bad_handler",
      ANOTHER,
    ],
    [
      "text for a status",
      answering(`(field "status" string) (field "headers" (list string))`, NONE),
      "bad_handler",
      ANOTHER,
    ],
    ["no headers", answering(`(field "status" u16)`, OK), "bad_handler", ANOTHER],
  ])("%s", async (_name, component, code, message) => {
    expect(await attack(await component, LARGE)).toMatchObject({
      status: 502,
      error: { code, message: expect.stringContaining(message) },
    });
  });
});

describe("a component whose answer breaks the contract", () => {
  it.each([
    ["a status of 0", responding("0"), "bad_handler"],
    ["a status of 101", responding("101"), "bad_handler"],
    ["a status above 599", responding("600"), "bad_handler"],
    [
      "a line break in a header's value",
      responding("200", { header: ["x-ext-a", "a\\0d\\0aset-cookie: b=c"] }),
      "bad_handler",
    ],
    ["a NUL in a header's value", responding("200", { header: ["x-ext-a", "a\\00b"] }), "bad_handler"],
    [
      "a line break in a header's name",
      responding("200", { header: ["x-ext-a\\0d\\0ab", "c"] }),
      "bad_handler",
    ],
    ["a header without a name", responding("200", { header: ["", "c"] }), "bad_handler"],
    [
      "headers at an address outside its memory",
      responding("200", { headersAt: 0x7fff_fff0, headerCount: 1 }),
      "bad_handler",
    ],
    [
      "a hundred thousand headers",
      {
        ...responding("200", { headersAt: 1_000_000, headerCount: 100_000 }),
        body: "(drop (memory.grow (i32.const 60)))",
      },
      "response_too_large",
    ],
    ["four thousand million headers", responding("200", { headerCount: -1 }), "memory_limit"],
    ["an answer at an address outside its memory", { answerAt: "(i32.const -16)" }, "bad_handler"],
    ["an answer at an odd address", { answerAt: "(i32.const 257)" }, "bad_handler"],
    ["an option that is neither there nor not", responding("200", { bodyTag: 7 }), "bad_handler"],
  ] as const)("%s", async (_name, program, code) => {
    const answer = await attack(await componentOf(program), { limits: LIMITS });
    expect(answer).toMatchObject({ status: 502, headers: [], error: { code } });
  });

  it("UTF-8 that is none arrives as replacement characters or not at all, never as bytes", async () => {
    const answer = await attack(
      await componentOf(responding("200", { header: ["x-ext-a", "\\ff\\fe\\c3\\28"] })),
    );
    expect(answer.error?.code ?? "bad_handler").toBe("bad_handler");
    for (const { value } of answer.headers) expect(value).toMatch(/^[\x20-\x7e\ufffd]*$/);
    const logged = await attack(
      await componentOf({
        data: `(data (i32.const 0) "\\ff\\c3\\28")`,
        body: "(call $log (i32.const 0) (i32.const 3))",
      }),
    );
    for (const { message } of logged.lines) expect(message.isWellFormed()).toBe(true);
  });
});

describe("what is no component of the world", () => {
  const text = (wat: string) => parse(wat);

  it.each([
    [
      "an unknown interface",
      text(`(component (import "evil:package/types" (instance (export "f" (func)))) ${handler()})`),
    ],
    [
      "sockets",
      text(`(component (import "wasi:sockets/tcp@0.2.0" (instance (export "f" (func)))) ${handler()})`),
    ],
    [
      "an unknown function of a known interface",
      text(
        `(component (import "alga:extension/storage" (instance (export "drop-all" (func)))) ${handler()})`,
      ),
    ],
    [
      "no handler",
      text(
        `(component (core module $m (func (export "h"))) (core instance $i (instantiate $m)) (func (export "handle") (canon lift (core func $i "h"))))`,
      ),
    ],
    ["nothing at all", text("(component)")],
    [
      "an asynchronous handler",
      text(
        `(component (core module $m (func (export "h") (result i32) i32.const 1) (func (export "cb") (param i32 i32 i32) (result i32) i32.const 1)) (core instance $i (instantiate $m)) (alias core export $i "cb" (core func $cb)) (func (export "handler") async (result u32) (canon lift (core func $i "h") async (callback $cb))))`,
      ),
    ],
    ["components in components, three thousand deep", Promise.resolve(nested(3_000))],
    ["a core module", text(`(module (func (export "handler")))`)],
    [
      "a core module inside that is not valid",
      text(
        `(component (core module $m (func (export "h") (result i32))) (core instance $i (instantiate $m)) (func (export "handler") (result u32) (canon lift (core func $i "h"))))`,
      ),
    ],
    [
      "shared memory",
      text(
        `(component (core module $m (memory 1 1 shared) (func (export "h"))) (core instance $i (instantiate $m)) (func (export "handler") (canon lift (core func $i "h"))))`,
      ),
    ],
    ["a name that ends a string in generated code", naming(`a'];globalThis.broken=1;//`)],
    ["a name that is a template", naming("`$" + "{globalThis.broken=1}`")],
    ["a name with a line separator", naming("a\u2028globalThis.broken=1;")],
    ["a name that is a prototype's", naming("__proto__")],
    ["text", Promise.resolve(new TextEncoder().encode("export function handler() {}"))],
    ["nothing", Promise.resolve(new Uint8Array())],
  ])("%s", async (_name, component) => {
    const answer = await attack(await component);
    expect(answer).toMatchObject({ status: 502, error: { code: "bad_handler" } });
    expect(answer.error?.message).not.toMatch(/globalThis|node_modules|core\//);
  });

  it("a truncated one, at fifty places", async () => {
    const whole = await componentOf(responding("200"));
    const hashes = await Promise.all(cuts(whole.byteLength, 50).map((at) => publish(whole.slice(0, at))));
    for (const hash of hashes)
      expect([hash, (await home.call(hash)).error?.code]).toEqual([hash, "bad_handler"]);
    expect((await home.call(good)).status).toBe(204);
    expect(home.supervisor.state().restarts).toBe(0);
  });

  it("ten thousand functions are a component like any other", async () => {
    const fields = Array.from(
      { length: 10_000 },
      (_, i) => `(func $f${i} (result i32) (i32.const ${i}))`,
    ).join("");
    const program = { ...responding("200"), fields, body: "(drop (call $f9999))" };
    expect(await attack(await componentOf(program))).toMatchObject({ status: 200 });
  });
});

it("the runner printed nothing over all that", () => {
  expect(home.output).toEqual([]);
});

function handler(): string {
  return `(core module $m (func (export "h"))) (core instance $i (instantiate $m)) (func (export "handler") (canon lift (core func $i "h")))`;
}

/** A component of core modules in which `name` is an import module, an import and an export. */
function naming(name: string): Promise<Uint8Array> {
  const text = [...new TextEncoder().encode(name)]
    .map((byte) => `\\${byte.toString(16).padStart(2, "0")}`)
    .join("");
  return parse(`(component
    (core module $a (func (export "${text}") (result i32) i32.const 1))
    (core module $b (import "${text}" "${text}" (func $f (result i32))) (func (export "handler") (result i32) call $f))
    (core instance $ia (instantiate $a))
    (core instance $ib (instantiate $b (with "${text}" (instance $ia))))
    (func (export "handler") (result u32) (canon lift (core func $ib "handler"))))`);
}

/** Empty components, each in the next. */
function nested(depth: number): Uint8Array {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
  let component = Buffer.from(header);
  for (let level = 0; level < depth; level++) {
    const size: number[] = [];
    for (let rest = component.byteLength; size.length === 0 || rest > 0; rest >>>= 7)
      size.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    component = Buffer.concat([Buffer.from([...header, 4, ...size]), component]);
  }
  return component;
}

/** Places spread over the whole by a fixed generator, so that a failure can be repeated. */
function cuts(length: number, count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % length;
  });
}
