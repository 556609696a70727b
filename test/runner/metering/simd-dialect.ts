import fc from "fast-check";
import type { Dialect } from "./programs.ts";

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const UNARY = [
  "i8x16.popcnt",
  "i16x8.abs",
  "i32x4.neg",
  "v128.not",
  "i64x2.extend_low_i32x4_s",
  "i16x8.extadd_pairwise_i8x16_u",
  // Floats come back as integers, in which a NaN of whatever bits is zero.
  "i32x4.trunc_sat_f32x4_s",
  "i32x4.trunc_sat_f64x2_u_zero",
];
const BINARY = [
  "i8x16.add_sat_u",
  "i16x8.sub_sat_s",
  "i16x8.q15mulr_sat_s",
  "i32x4.mul",
  "i64x2.add",
  "i8x16.swizzle",
  "i16x8.narrow_i32x4_s",
  "i32x4.dot_i16x8_s",
  "i64x2.extmul_high_i32x4_u",
  "i8x16.gt_u",
  "v128.andnot",
  "v128.xor",
];

function vector(operand: fc.Arbitrary<string>, depth: number): fc.Arbitrary<string> {
  const leaves = [
    fc.tuple(word, word, word, word).map((words) => `(v128.const i32x4 ${words.join(" ")})`),
    fc.constantFrom("(local.get $v)", "(global.get $vector)"),
    operand.map((a) => `(i32x4.splat ${a})`),
    operand.map((a) => `(f32x4.convert_i32x4_u (i16x8.splat ${a}))`),
    operand.map((at) => `(v128.load offset=3 (i32.and ${at} (i32.const 0x1ffff)))`),
    operand.map((at) => `(v128.load8x8_s (i32.and ${at} (i32.const 1023)))`),
    operand.map((at) => `(v128.load32_zero (i32.and ${at} (i32.const 1023)))`),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const sub = vector(operand, depth - 1);
  return fc.oneof(
    ...leaves,
    fc.tuple(fc.constantFrom(...UNARY), sub).map(([op, a]) => `(${op} ${a})`),
    fc.tuple(fc.constantFrom(...BINARY), sub, sub).map(([op, a, b]) => `(${op} ${a} ${b})`),
    fc.tuple(sub, sub, sub).map(([a, b, c]) => `(v128.bitselect ${a} ${b} ${c})`),
    fc
      .tuple(fc.array(fc.nat(31), { minLength: 16, maxLength: 16 }), sub, sub)
      .map(([lanes, a, b]) => `(i8x16.shuffle ${lanes.join(" ")} ${a} ${b})`),
    fc.tuple(fc.nat(7), sub, operand).map(([lane, a, b]) => `(i16x8.replace_lane ${lane} ${a} ${b})`),
    fc.tuple(sub, operand).map(([a, by]) => `(i64x2.shr_s ${a} ${by})`),
    fc
      .tuple(fc.nat(15), sub, operand)
      .map(([lane, a, at]) => `(v128.load8_lane offset=1 ${lane} (i32.and ${at} (i32.const 1023)) ${a})`),
  );
}

export const simd: Dialect = {
  name: "SIMD",
  fields: fc.tuple(word, word, word, word).map(
    (words) => `(global $vector (mut v128) (v128.const i32x4 ${words.join(" ")}))
    (func (export "lanes") (param i32 i32) (result i64 i64)
      (i64x2.extract_lane 0 (global.get $vector)) (i64x2.extract_lane 1 (global.get $vector)))`,
  ),
  locals: "(local $v v128)",
  expressions: (operand) => [
    fc.tuple(fc.nat(3), vector(operand, 2)).map(([lane, a]) => `(i32x4.extract_lane ${lane} ${a})`),
    fc.tuple(fc.nat(15), vector(operand, 2)).map(([lane, a]) => `(i8x16.extract_lane_u ${lane} ${a})`),
    vector(operand, 2).map((a) => `(i32x4.all_true ${a})`),
    vector(operand, 2).map((a) => `(i8x16.bitmask ${a})`),
  ],
  statements: (operand) => [
    vector(operand, 2).map((a) => `(local.set $v ${a})`),
    vector(operand, 2).map((a) => `(global.set $vector ${a})`),
    fc
      .tuple(operand, vector(operand, 1))
      .map(([at, a]) => `(v128.store offset=8 (i32.and ${at} (i32.const 0x1ffff)) ${a})`),
    fc
      .tuple(fc.nat(3), operand, vector(operand, 1))
      .map(([lane, at, a]) => `(v128.store32_lane ${lane} (i32.and ${at} (i32.const 0xffff)) ${a})`),
  ],
};
