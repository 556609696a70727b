import fc from "fast-check";
import { exceptions, legacyExceptions } from "./exception-dialects.ts";
import { type Dialect, joined, MAX_BULK_BYTES } from "./programs.ts";
import { BASE } from "./runs.ts";
import { simd } from "./simd-dialect.ts";

/** Traps a little beyond the end of what it counts, and mostly stays within. */
const within = (operand: string, mask: number) => `(i32.and ${operand} (i32.const ${mask}))`;
const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const bulkMemory: Dialect = {
  name: "bulk memory",
  fields: fc
    .tuple(fc.nat(200), fc.nat(65_000))
    .map(
      ([length, at]) =>
        `(data $words "${"wasm".repeat(length)}") (data $placed (memory $memory) (i32.const ${at}) "placed")`,
    ),
  expressions: () => [],
  statements: (operand) => [
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, from, length]) =>
          `(memory.init $memory $words ${within(to, 0x1ffff)} ${within(from, 511)} ${within(length, 511)})`,
      ),
    fc.constant("(data.drop $words)"),
    fc.constant("(data.drop $placed)"),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, from, length]) =>
          `(memory.copy ${within(to, 0x3ffff)} ${within(from, 0x3ffff)} ${within(length, MAX_BULK_BYTES)})`,
      ),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, byte, length]) =>
          `(memory.fill ${within(to, 0x3ffff)} ${byte} ${within(length, MAX_BULK_BYTES)})`,
      ),
  ],
};

const multiValue: Dialect = {
  name: "multi-value",
  fields: fc.tuple(fc.constantFrom("add", "sub", "xor", "rotl"), number, fc.nat(15)).map(
    ([op, constant, rounds]) => `
    (type $pair (func (param i32 i32) (result i32 i32)))
    (func $swap (type $pair) (local.get 1) (local.get 0))
    (func $turns (param $n i32) (param $x i32) (result i32 i32)
      (local.get $x) (i32.and (local.get $n) (i32.const ${rounds}))
      (loop (param i32 i32) (result i32 i32)
        (local.set $n) (i32.const ${constant}) (i32.${op}) (local.tee $n (i32.sub (local.get $n) (i32.const 1)))
        (br_if 0 (i32.gt_s (local.get $n) (i32.const 0)))))
    (func (export "many") (param i32 i32) (result i32 i64 f64 i32)
      (call $turns (local.get 0) (local.get 1)) (i64.extend_i32_s) (f64.const 0.5) (local.get 0))`,
  ),
  expressions: (operand) => [
    fc.tuple(operand, operand).map(([a, b]) => `(i32.sub (call $swap ${a} ${b}))`),
    fc.tuple(operand, operand).map(([a, b]) => `(i32.xor (call $turns ${a} ${b}))`),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([a, b, c]) =>
          `(block (result i32) ${a} ${b} (block (type $pair) (br_if 0 ${c}) (call $swap)) (i32.sub))`,
      ),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([a, b, c]) =>
          `(block (result i32) ${a} ${b} (if (type $pair) ${c} (then (call $swap)) (else (i32.const 1) (i32.add))) (i32.shl))`,
      ),
  ],
  statements: (operand, body) => [
    fc
      .tuple(operand, operand, body)
      .map(
        ([a, b, inner]) =>
          `(block (result i32 i32) ${inner} ${a} ${b} (br_if 0 (i32.eqz (local.get 0)))) (local.set 2) (local.set 3)`,
      ),
  ],
};

const referenceTypes: Dialect = {
  name: "reference types",
  fields: fc.tuple(fc.nat(8), fc.nat(4)).map(
    ([at, beyond]) => `
    (table $calls (export "calls") 8 24 funcref) (table $things (export "things") 2 9 externref)
    (func $mul (type $binary) (i32.mul (local.get 0) (local.get 1))) (func $other (param i64))
    (elem (table $calls) (i32.const ${at}) func $leaf $mul) (elem $passive funcref (ref.func $mul) (ref.null func) (ref.func $other) (ref.func $leaf))
    (elem declare func $leaf $mul $other)
    (global $kept (mut funcref) (ref.func $mul))
    (func (export "put") (param externref) (result i32) (table.set $things (i32.const 1) (local.get 0))
      (table.grow $things (local.get 0) (i32.const ${beyond})))
    (func (export "kept") (param i32 i32) (result funcref externref) (global.get $kept) (table.get $things (i32.const 1)))`,
  ),
  locals: "(local $ref funcref) (local $thing externref)",
  expressions: (operand) => [
    fc.constantFrom("(table.size $calls)", "(table.size $things)", "(ref.is_null (local.get $ref))"),
    operand.map((at) => `(ref.is_null (table.get $calls ${within(at, 15)}))`),
    fc
      .tuple(operand, operand, operand)
      .map(([a, b, at]) => `(call_indirect $calls (type $binary) ${a} ${b} ${within(at, 15)})`),
    operand.map((by) => `(table.grow $calls (ref.func $leaf) ${within(by, 7)})`),
    operand.map((by) => `(table.grow $things (ref.null extern) ${within(by, 3)})`),
  ],
  statements: (operand) => [
    fc
      .tuple(operand, fc.constantFrom("(ref.func $mul)", "(ref.null func)", "(global.get $kept)"))
      .map(([at, ref]) => `(table.set $calls ${within(at, 15)} ${ref})`),
    operand.map((at) => `(global.set $kept (local.tee $ref (table.get $calls ${within(at, 15)})))`),
    operand.map((at) => `(local.set $thing (table.get $things ${within(at, 3)}))`),
    operand.map((c) => `(local.set $ref (select (result funcref) (ref.func $other) (local.get $ref) ${c}))`),
    fc
      .tuple(operand, operand)
      .map(([at, n]) => `(table.fill $calls ${within(at, 15)} (local.get $ref) ${within(n, 7)})`),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, from, n]) => `(table.copy $calls $calls ${within(to, 15)} ${within(from, 15)} ${within(n, 7)})`,
      ),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, from, n]) =>
          `(table.init $calls $passive ${within(to, 15)} ${within(from, 3)} ${within(n, 3)})`,
      ),
    fc.constant("(elem.drop $passive)"),
  ],
};

const tailCalls: Dialect = {
  name: "tail calls",
  fields: fc.tuple(fc.constantFrom("add", "xor", "mul"), number).map(
    ([op, constant]) => `
    (table $next funcref (elem $down $up $leaf)) (elem declare func $down $up)
    (func $down (type $binary) (if (result i32) (i32.le_s (local.get 0) (i32.const 0)) (then (local.get 1))
      (else (return_call $up (i32.sub (local.get 0) (i32.const 1)) (i32.${op} (local.get 1) (i32.const ${constant}))))))
    (func $up (type $binary) (if (i32.and (local.get 0) (i32.const 1))
        (then (return_call_ref $binary (local.get 0) (local.get 1) (ref.func $down))))
      (return_call_indirect $next (type $binary) (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (i32.rem_u (local.get 1) (i32.const 4))))
    ;; Deeper than the stack could be, were the calls not tail calls.
    (func (export "deep") (type $binary) (return_call $down (i32.const 100000) (local.get 1)))`,
  ),
  expressions: (operand) => [
    fc.tuple(operand, operand).map(([n, a]) => `(call $down ${within(n, 63)} ${a})`),
    fc.tuple(operand, operand).map(([n, a]) => `(call $up ${within(n, 63)} ${a})`),
  ],
  statements: (operand) => [
    fc
      .tuple(operand, operand, operand)
      .map(([c, n, a]) => `(if ${c} (then (return_call $down ${within(n, 63)} ${a})))`),
    fc
      .tuple(operand, operand, operand, operand)
      .map(
        ([c, a, b, at]) =>
          `(if ${c} (then (return_call_indirect $next (type $binary) ${within(a, 63)} ${b} ${within(at, 3)})))`,
      ),
  ],
};

const multiMemory: Dialect = {
  name: "multi-memory",
  fields: fc.tuple(fc.nat(2), fc.integer({ min: 2, max: 5 }), fc.nat(65_530)).map(
    ([initial, maximum, at]) => `
    (memory $second (export "second") ${initial} ${maximum}) (memory $wide (export "wide") i64 1 4)
    (data $moved "second") (data (memory $wide) (i64.const ${at}) "wide")`,
  ),
  expressions: (operand) => [
    fc.constantFrom("(memory.size $second)", "(i32.wrap_i64 (memory.size $wide))"),
    operand.map((by) => `(memory.grow $second ${within(by, 3)})`),
    operand.map((by) => `(i32.wrap_i64 (memory.grow $wide (i64.extend_i32_s ${within(by, 3)})))`),
    operand.map((by) => `(i32.wrap_i64 (memory.grow $wide (i64.extend_i32_s ${by})))`),
    fc
      .tuple(operand, fc.nat(70_000))
      .map(([at, offset]) => `(i32.load16_s $second offset=${offset} ${within(at, 0xffff)})`),
    fc
      .tuple(operand, fc.nat(70_000))
      .map(
        ([at, offset]) =>
          `(i32.wrap_i64 (i64.load32_u $wide offset=${offset} (i64.extend_i32_u ${within(at, 0xffff)})))`,
      ),
  ],
  statements: (operand) => [
    fc.tuple(operand, operand).map(([at, a]) => `(i32.store $second ${within(at, 0x1ffff)} ${a})`),
    fc
      .tuple(operand, operand)
      .map(
        ([at, a]) => `(i64.store8 $wide (i64.extend_i32_u ${within(at, 0x1ffff)}) (i64.extend_i32_s ${a}))`,
      ),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, from, n]) =>
          `(memory.copy $second $memory ${within(to, 0xffff)} ${within(from, 0x1ffff)} ${within(n, MAX_BULK_BYTES)})`,
      ),
    fc
      .tuple(operand, operand, operand)
      .map(
        ([to, from, n]) =>
          `(memory.copy $memory $wide ${within(to, 0xffff)} (i64.extend_i32_u ${within(from, 0xffff)}) ${within(n, MAX_BULK_BYTES)})`,
      ),
    fc
      .tuple(operand, operand)
      .map(
        ([to, n]) =>
          `(memory.fill $wide (i64.extend_i32_u ${within(to, 0x1ffff)}) (i32.const 7) (i64.extend_i32_u ${within(n, MAX_BULK_BYTES)}))`,
      ),
    fc
      .tuple(operand, operand)
      .map(([to, n]) => `(memory.init $second $moved ${to} (i32.const 0) ${within(n, 7)})`),
  ],
};

/** An expression of extended constants that gives the number, whatever its first parts are. */
function giving(wanted: fc.Arbitrary<number>): fc.Arbitrary<string> {
  const part = fc.oneof(
    fc
      .tuple(number, number)
      .map(([a, b]) => ({ text: `(i32.mul (i32.const ${a}) (i32.const ${b}))`, value: Math.imul(a, b) })),
    number.map((a) => ({ text: `(i32.sub (global.get $base) (i32.const ${a}))`, value: (BASE - a) | 0 })),
  );
  return fc
    .tuple(wanted, part)
    .map(([value, { text, value: known }]) => `(i32.add ${text} (i32.const ${(value - known) | 0}))`);
}

const extendedConst: Dialect = {
  name: "extended const",
  fields: fc.tuple(giving(number), giving(fc.nat(140_000)), giving(fc.nat(7)), giving(number)).map(
    ([value, at, slot, other]) => `
    (global $const i32 ${value}) (global $of-const (export "of-const") (mut i32) (i32.mul (global.get $const) (i32.const 3)))
    (global $long (export "long") (mut i64) (i64.sub (i64.mul (i64.const -7) (i64.const 1234567890123)) (i64.const 1)))
    (data (memory $memory) (offset ${at}) "placed by computing")
    (table $slots (export "slots") 8 funcref) (elem (table $slots) (offset ${slot}) funcref (ref.func $leaf) (ref.null func))
    (global $of-base i32 (global.get $base)) (global $late (export "late") i32 (i32.add (global.get $of-base) ${other}))`,
  ),
  expressions: () => [fc.constantFrom("(global.get $const)", "(global.get $of-const)", "(global.get $late)")],
  statements: (operand) => [
    operand.map((a) => `(global.set $of-const ${a})`),
    operand.map((a) => `(global.set $long (i64.add (global.get $long) (i64.extend_i32_s ${a})))`),
  ],
};

const none: Dialect = {
  name: "the first version",
  fields: fc.constant(""),
  expressions: () => [],
  statements: () => [],
};

const PROPOSALS = [
  bulkMemory,
  multiValue,
  referenceTypes,
  simd,
  tailCalls,
  exceptions,
  multiMemory,
  extendedConst,
] as const;

/** One for each proposal, and all of them together. Modules cannot mix the two kinds of exceptions. */
export const DIALECTS: readonly Dialect[] = [
  none,
  ...PROPOSALS,
  legacyExceptions,
  joined("all proposals at once", PROPOSALS),
];
