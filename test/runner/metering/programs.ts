import fc from "fast-check";

/**
 * Random structured programs as WebAssembly text. They are valid and end by construction: every loop counts a local
 * down, calls go to later functions only. They may trap, also when they are instantiated.
 */
export interface Program {
  readonly wat: string;
}

/** What a proposal adds to the programs. Its names are its own, so that dialects can be joined. */
export interface Dialect {
  readonly name: string;
  /** Fields of the module; its exports are looked at too, those of functions after they were called. */
  readonly fields: fc.Arbitrary<string>;
  /** Locals of every function. */
  readonly locals?: string;
  /** Further expressions that answer an i32, from arbitrary operands. */
  expressions(operand: fc.Arbitrary<string>): fc.Arbitrary<string>[];
  /** Further statements. A body may hold anything, and leaves nothing on the stack. */
  statements(operand: fc.Arbitrary<string>, body: fc.Arbitrary<string>): fc.Arbitrary<string>[];
}

/** One dialect that is all of them. */
export function joined(name: string, dialects: readonly Dialect[]): Dialect {
  return {
    name,
    fields: fc.tuple(...dialects.map(({ fields }) => fields)).map((all) => all.join("\n")),
    locals: dialects.map(({ locals = "" }) => locals).join(" "),
    expressions: (operand) => dialects.flatMap((dialect) => dialect.expressions(operand)),
    statements: (operand, body) => dialects.flatMap((dialect) => dialect.statements(operand, body)),
  };
}

/** No bulk instruction of a program is longer, which bounds what one charge can take. */
export const MAX_BULK_BYTES = 4_095;

const LOCALS = 4; // i32 locals of each function: 0 and 1 are its parameters
const FUNCTIONS = 4;
const LOOP_COUNTERS = 3; // further locals, one a nesting level

const local = fc.nat(LOCALS - 1);
const constant = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function expression(dialect: Dialect, depth: number, callable: number): fc.Arbitrary<string> {
  const leaves: fc.Arbitrary<string>[] = [
    constant.map((value) => `(i32.const ${value})`),
    local.map((index) => `(local.get ${index})`),
    fc.nat(2).map((index) => `(global.get $g${index})`),
    fc.constant("(memory.size)"),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const sub = fc.nat(depth - 1).chain((less) => expression(dialect, less, callable));
  const nested: fc.Arbitrary<string>[] = [
    fc
      .tuple(
        fc.constantFrom("add", "sub", "mul", "and", "xor", "shl", "rotr", "div_s", "rem_u", "lt_s", "eq"),
        sub,
        sub,
      )
      .map(([op, a, b]) => `(i32.${op} ${a} ${b})`),
    sub.map((a) => `(i32.wrap_i64 (i64.mul (i64.extend_i32_s ${a}) (i64.const 6364136223846793005)))`),
    fc
      .tuple(sub, fc.nat(70_000))
      .map(([a, offset]) => `(i32.load offset=${offset} (i32.and ${a} (i32.const 1023)))`),
    fc.tuple(sub, sub, sub).map(([c, a, b]) => `(if (result i32) ${c} (then ${a}) (else ${b}))`),
    fc.tuple(sub, sub, sub).map(([a, b, c]) => `(select ${a} ${b} ${c})`),
    sub.map((a) => `(memory.grow (i32.and ${a} (i32.const 3)))`),
    fc.tuple(sub, sub).map(([a, b]) => `(call_indirect $leaves (type $binary) ${a} ${b} (i32.const 0))`),
  ];
  if (callable < FUNCTIONS)
    nested.push(
      fc
        .tuple(fc.integer({ min: callable, max: FUNCTIONS - 1 }), sub, sub)
        .map(([target, a, b]) => `(call $f${target} ${a} ${b})`),
    );
  const added = dialect.expressions(sub);
  return fc.oneof(...leaves, ...nested, ...added, ...added);
}

function statement(dialect: Dialect, depth: number, loops: number, callable: number): fc.Arbitrary<string> {
  const value = expression(dialect, 2, callable);
  const simple: fc.Arbitrary<string>[] = [
    fc.tuple(local, value).map(([index, a]) => `(local.set ${index} ${a})`),
    fc.tuple(fc.nat(2), value).map(([index, a]) => `(global.set $g${index} ${a})`),
    fc.tuple(value, value).map(([at, a]) => `(i32.store (i32.and ${at} (i32.const 1020)) ${a})`),
    fc
      .tuple(value, value, value)
      .map(
        ([at, byte, n]) =>
          `(memory.fill (i32.and ${at} (i32.const ${MAX_BULK_BYTES})) ${byte} (i32.and ${n} (i32.const ${MAX_BULK_BYTES})))`,
      ),
    fc
      .tuple(value, value)
      .map(
        ([to, from]) =>
          `(memory.copy (i32.and ${to} (i32.const ${MAX_BULK_BYTES})) (i32.and ${from} (i32.const ${MAX_BULK_BYTES})) (i32.const 300))`,
      ),
    value.map((a) => `(return ${a})`),
  ];
  if (depth === 0) return fc.oneof(...simple);
  const body = fc
    .array(statement(dialect, depth - 1, loops, callable), { maxLength: 4 })
    .map((statements) => statements.join("\n"));
  const nested: fc.Arbitrary<string>[] = [
    fc.tuple(value, body, body).map(([c, a, b]) => `(if ${c} (then ${a}) (else ${b}))`),
    fc.tuple(body, value, body).map(([a, c, b]) => `(block ${a} (br_if 0 ${c}) ${b})`),
    fc
      .tuple(value, body, body)
      .map(([c, a, b]) => `(block (block (br_table 0 1 0 (i32.and ${c} (i32.const 3)))) ${a} (br 0) ${b})`),
  ];
  const added = dialect.statements(value, body);
  if (loops < LOOP_COUNTERS) {
    const inner = fc
      .array(statement(dialect, depth - 1, loops + 1, callable), { maxLength: 4 })
      .map((statements) => statements.join("\n"));
    const counter = LOCALS + loops;
    nested.push(
      fc.tuple(fc.nat(12), inner).map(
        ([times, a]) => `(local.set ${counter} (i32.const ${times}))
          (block (loop (br_if 1 (i32.eqz (local.get ${counter})))
            (local.set ${counter} (i32.sub (local.get ${counter}) (i32.const 1))) ${a} (br 0)))`,
      ),
    );
  }
  return fc.oneof(...simple, ...nested, ...nested, ...added, ...added);
}

export function program(dialect: Dialect): fc.Arbitrary<Program> {
  const functions = fc.tuple(
    ...Array.from({ length: FUNCTIONS }, (_, index) =>
      fc.tuple(
        fc.array(statement(dialect, 3, 0, index + 1), { minLength: 1, maxLength: 5 }),
        expression(dialect, 3, index + 1),
      ),
    ),
  );
  return fc.tuple(dialect.fields, functions).map(([fields, bodies]) => ({
    wat: `(module (import "host" "base" (global $base i32)) (import "host" "cell" (global $cell (mut i64)))
    (memory $memory (export "memory") 2 6) (type $binary (func (param i32 i32) (result i32)))
    (table $leaves funcref (elem $leaf)) (func $leaf (type $binary) (i32.sub (local.get 0) (local.get 1)))
    (global $g0 (export "g0") (mut i32) (i32.const 1)) (global $g1 (export "g1") (mut i32) (i32.const -7))
    (global $g2 (export "g2") (mut i32) (i32.const 65536))
    ${fields}
    ${bodies
      .map(
        ([statements, result], index) => `(func $f${index} (export "f${index}") (param i32 i32) (result i32)
          (local ${"i32 ".repeat(LOCALS - 2 + LOOP_COUNTERS)}) ${dialect.locals ?? ""}
          ${statements.join("\n")} ${result})`,
      )
      .join("\n")})`,
  }));
}
