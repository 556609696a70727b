import fc from "fast-check";
import type { Dialect } from "./programs.ts";

/** Tags, and functions that throw them or do not, in a loop and from one call deeper. */
const FIELDS = `(tag $plain (export "plain")) (tag $number (export "number") (param i32)) (tag $two (export "two") (param i32 i64))
  (func $risky (param $n i32) (result i32)
    (loop (if (i32.eq (local.get $n) (i32.const 3)) (then (throw $number (i32.const 33))))
      (br_if 0 (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0))))
    (if (i32.eqz (local.get $n)) (then (throw $plain))) (i32.const 5))
  (func $deeper (param i32) (result i32) (i32.add (call $risky (i32.and (local.get 0) (i32.const 7))) (i32.const 1)))`;

const throwing = (operand: fc.Arbitrary<string>): fc.Arbitrary<string>[] => [
  operand.map((c) => `(if ${c} (then (throw $plain)))`),
  fc.tuple(operand, operand).map(([c, a]) => `(if ${c} (then (throw $number ${a})))`),
  fc
    .tuple(operand, operand, operand)
    .map(([c, a, b]) => `(if ${c} (then (throw $two ${a} (i64.extend_i32_s ${b}))))`),
];

export const exceptions: Dialect = {
  name: "exceptions",
  fields: fc.constant(`${FIELDS} (global $caught (mut exnref) (ref.null exn))`),
  expressions: (operand) => [
    operand.map((a) => `(call $deeper ${a})`),
    operand.map(
      (a) =>
        `(block $out (result i32) (block $any (br $out (try_table (result i32) (catch $number $out) (catch_all $any) (call $deeper ${a})))) (i32.const -1))`,
    ),
  ],
  statements: (operand, body) => [
    ...throwing(operand),
    body.map((inner) => `(block (try_table (catch $plain 0) (catch_all 0) ${inner}))`),
    body.map(
      (inner) =>
        `(block $h (result i32 i64) (try_table (catch $two $h) ${inner}) (i32.const 1) (i64.const 2)) (drop) (local.set 2)`,
    ),
    body.map(
      (inner) =>
        `(block $h (result exnref) (try_table (catch_all_ref $h) ${inner}) (ref.null exn)) (global.set $caught)`,
    ),
    operand.map((c) => `(if ${c} (then (throw_ref (global.get $caught))))`),
  ],
};

export const legacyExceptions: Dialect = {
  name: "legacy exceptions",
  fields: fc.constant(FIELDS),
  expressions: (operand) => [
    operand.map((a) => `(call $deeper ${a})`),
    operand.map(
      (a) =>
        `(block (result i32) try (result i32) (call $deeper ${a}) catch $number (i32.const 1) (i32.add) catch_all (i32.const -1) end)`,
    ),
  ],
  statements: (operand, body) => [
    ...throwing(operand),
    fc.tuple(body, body).map(([inner, after]) => `(block try ${inner} catch_all ${after} end)`),
    fc
      .tuple(body, operand)
      .map(
        ([inner, c]) =>
          `(block try ${inner} catch $two (drop) (drop) catch $number (local.set 2) (if ${c} (then (nop)) (else rethrow 1)) end)`,
      ),
    body.map((inner) => `(block try try ${inner} delegate 0 catch $plain end)`),
  ],
};
