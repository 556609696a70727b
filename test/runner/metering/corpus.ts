/** One module a proposal or construct; each exports `run` without parameters. */
export const CORPUS: readonly (readonly [name: string, wat: string])[] = [
  ["an empty function", `(module (func (export "run")))`],
  [
    "numeric operators and constants",
    `(module (func (export "run") (result f64)
    (f64.add (f64.const 1.5) (f64.convert_i64_s (i64.mul (i64.const -9223372036854775808) (i64.const 3))))))`,
  ],
  [
    "a loop with an exit",
    `(module (func (export "run") (result i32) (local $i i32) (local $s i32)
    (block $out (loop $l
      (br_if $out (i32.ge_u (local.get $i) (i32.const 100)))
      (local.set $s (i32.add (local.get $s) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $l)))
    (local.get $s)))`,
  ],
  [
    "if, else, select and br_table",
    `(module
    (func $pick (param i32) (result i32)
      (block $a (block $b (block $c (br_table $a $b $c $a (local.get 0)))
        (return (i32.const 30))) (return (i32.const 20)))
      (if (result i32) (i32.gt_s (local.get 0) (i32.const 5)) (then (i32.const 1)) (else (select (i32.const 2) (i32.const 3) (local.get 0)))))
    (func (export "run") (result i32)
      (i32.add (i32.add (call $pick (i32.const 0)) (call $pick (i32.const 1))) (i32.add (call $pick (i32.const 2)) (call $pick (i32.const 9))))))`,
  ],
  [
    "unreachable code with calls and growth",
    `(module (memory 1) (func (export "run") (result i32)
    (return (i32.const 4)) (drop (memory.grow)) (memory.fill) (drop (i32.add)) (loop (br 0)) (i32.const 1)))`,
  ],
  ["a guest's own trap", `(module (func (export "run") unreachable))`],
  [
    "a division by zero",
    `(module (func (export "run") (result i32) (i32.div_s (i32.const 1) (i32.const 0))))`,
  ],
  [
    "globals, imported and own, in code and in initialisers",
    `(module
    (import "host" "base" (global $base i32)) (import "host" "cell" (global $cell (mut i64)))
    (global $own (mut i32) (global.get $base)) (global $const i64 (i64.const 5)) (global $float (mut f64) (f64.const 0.5))
    (export "own" (global $own)) (export "base" (global $base)) (export "const" (global $const))
    (func (export "run") (result i64)
      (global.set $own (i32.add (global.get $own) (i32.const 1)))
      (global.set $cell (i64.add (global.get $cell) (global.get $const)))
      (global.set $float (f64.mul (global.get $float) (f64.const 2)))
      (i64.add (global.get $cell) (i64.extend_i32_s (global.get $own)))))`,
  ],
  [
    "indirect calls and element segments",
    `(module
    (type $f (func (param i32) (result i32))) (table 4 funcref) (elem (i32.const 1) $double $triple)
    (func $double (type $f) (i32.mul (local.get 0) (i32.const 2))) (func $triple (type $f) (i32.mul (local.get 0) (i32.const 3)))
    (func (export "run") (result i32) (i32.add
      (call_indirect (type $f) (i32.const 7) (i32.const 1)) (call_indirect (type $f) (i32.const 7) (i32.const 2)))))`,
  ],
  [
    "a start function and data segments",
    `(module (memory 1) (data (i32.const 8) "hello") (global $g (mut i32) (i32.const 0))
    (func $init (global.set $g (i32.load8_u (i32.const 9)))) (start $init)
    (func (export "run") (result i32) (global.get $g)))`,
  ],
  [
    "memory.grow and memory.size",
    `(module (memory 1 10) (func (export "run") (result i32)
    (drop (memory.grow (i32.const 3))) (drop (memory.grow (i32.const 100))) (i32.add (memory.size) (memory.grow (i32.const 1)))))`,
  ],
  [
    "sign extension and saturating conversion",
    `(module (func (export "run") (result i32)
    (i32.add (i32.extend8_s (i32.const 200)) (i32.trunc_sat_f32_s (f32.const 1e20)))))`,
  ],
  [
    "bulk memory",
    `(module (memory 1) (data $d "abcdef") (func (export "run") (result i32)
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 6)) (data.drop $d)
    (memory.copy (i32.const 10) (i32.const 0) (i32.const 6)) (memory.fill (i32.const 20) (i32.const 7) (i32.const 30))
    (i32.add (i32.load (i32.const 11)) (i32.load (i32.const 40)))))`,
  ],
  [
    "bulk memory out of bounds",
    `(module (memory 1) (func (export "run") (memory.fill (i32.const 65000) (i32.const 1) (i32.const 5000))))`,
  ],
  [
    "bulk tables and reference types",
    `(module
    (table $t 10 funcref) (table $u 5 20 externref) (elem $e func $one $two) (elem declare func $two)
    (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2)) (type $r (func (result i32)))
    (func (export "run") (result i32)
      (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2)) (elem.drop $e)
      (table.copy $t $t (i32.const 4) (i32.const 0) (i32.const 2)) (table.fill $u (i32.const 0) (ref.null extern) (i32.const 5))
      (table.set $t (i32.const 9) (ref.func $two))
      (drop (table.grow $u (ref.null extern) (i32.const 4)))
      (i32.add (table.size $u) (i32.add (ref.is_null (table.get $u (i32.const 6))) (i32.add (call_indirect $t (type $r) (i32.const 5)) (call_indirect $t (type $r) (i32.const 9)))))))`,
  ],
  [
    "element segments of expressions",
    `(module (table 4 funcref) (elem (table 0) (offset (i32.const 1)) funcref (ref.func $f) (ref.null func))
    (elem funcref (item (ref.func $f))) (type $t (func (result i32))) (func $f (result i32) (i32.const 8))
    (func (export "run") (result i32) (call_indirect (type $t) (i32.const 1))))`,
  ],
  [
    "multi-value blocks and results",
    `(module (func $pair (result i32 i64) (i32.const 1) (i64.const 2))
    (func (export "run") (result i64 i32) (local i64)
      (call $pair) (local.set 0) (block (param i32) (result i32 i32) (i32.const 9)) (i32.add) (loop (param i32) (result i32)) (local.get 0) (i32.const 3) (drop) (local.set 0) (local.get 0) (i32.const 5) (drop) (i64.const 7) (drop) (drop) (drop) (local.get 0) (i32.const 6)))`,
  ],
  [
    "SIMD with lanes, shuffles and memory",
    `(module (memory 1) (func (export "run") (result i32)
    (v128.store (i32.const 16) (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (v128.const i32x4 1 2 3 4) (i32x4.splat (i32.const 9))))
    (i32.add (i32x4.extract_lane 3 (v128.load (i32.const 16)))
      (i32.add (i16x8.extract_lane_s 1 (v128.load8_lane 5 (i32.const 16) (v128.load32_zero (i32.const 20))))
        (i32x4.extract_lane 0 (i32x4.dot_i16x8_s (v128.load8x8_u (i32.const 16)) (i32x4.replace_lane 2 (v128.load64_splat (i32.const 16)) (i32.const 5)))))))) `,
  ],
  [
    "relaxed SIMD",
    `(module (func (export "run") (result i32) (i32x4.extract_lane 0
    (i32x4.relaxed_trunc_f32x4_s (f32x4.relaxed_madd (f32x4.splat (f32.const 2)) (f32x4.splat (f32.const 3)) (f32x4.splat (f32.const 4)))))))`,
  ],
  [
    "tail calls, direct, indirect and by reference",
    `(module
    (type $t (func (param i32 i32) (result i32))) (table funcref (elem $sum $twice)) (elem declare func $end)
    (func $sum (type $t) (if (result i32) (i32.eqz (local.get 0)) (then (local.get 1))
      (else (return_call $sum (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (local.get 0))))))
    (func $twice (type $t) (return_call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 0)))
    (func $end (type $t) (return_call $twice (local.get 0) (local.get 1)))
    (func (export "run") (result i32) (return_call_ref $t (i32.const 1000) (i32.const 1) (ref.func $end))))`,
  ],
  [
    "exceptions with try_table",
    `(module (tag $e (param i32)) (tag $f)
    (func $thrower (param i32) (if (i32.eqz (local.get 0)) (then (throw $f))) (throw $e (local.get 0)))
    (func $catch (param i32) (result i32)
      (block $any (block $h (result i32) (try_table (catch $e $h) (catch_all $any) (call $thrower (local.get 0))) (return (i32.const -1))) (return))
      (i32.const 77))
    (func $ref (result i32) (block $h (result i32 exnref) (try_table (catch_ref $e $h) (call $thrower (i32.const 3))) (unreachable))
      (drop))
    (func (export "run") (result i32) (i32.add (call $ref) (i32.add (call $catch (i32.const 5)) (call $catch (i32.const 0))))))`,
  ],
  [
    "an exception that leaves the module",
    `(module (tag $e (export "tag")) (func (export "run") (loop (throw $e))))`,
  ],
  [
    "extended constant expressions",
    `(module (import "host" "base" (global $b i32)) (memory 1)
    (global $g i32 (i32.add (global.get $b) (i32.mul (i32.const 3) (i32.const 4)))) (global $h i32 (i32.sub (global.get $g) (i32.const 1)))
    (data (offset (i32.add (global.get $b) (i32.const 1))) "xyz")
    (func (export "run") (result i32) (i32.add (global.get $h) (i32.load8_u (i32.add (global.get $b) (i32.const 2))))))`,
  ],
  [
    "several memories",
    `(module (memory $a 1 5) (memory $b 2) (data (memory $b) (i32.const 4) "zz") (func (export "run") (result i32)
    (drop (memory.grow $b (i32.const 2))) (memory.copy $a $b (i32.const 0) (i32.const 4) (i32.const 2)) (memory.fill $b (i32.const 0) (i32.const 1) (i32.const 4))
    (i32.store $b offset=8 (i32.const 0) (i32.const 6)) (i32.add (i32.add (i32.load $a (i32.const 0)) (i32.load $b (i32.const 8))) (memory.size $b))))`,
  ],
  [
    "a 64-bit memory",
    `(module (memory $m i64 1 10) (memory $n 1) (data $d "123") (func (export "run") (result i64)
    (drop (memory.grow $m (i64.const 2))) (memory.fill $m (i64.const 0) (i32.const 1) (i64.const 100))
    (memory.init $m $d (i64.const 8) (i32.const 0) (i32.const 3)) (memory.copy $m $m (i64.const 32) (i64.const 0) (i64.const 16))
    (memory.copy $n $m (i32.const 0) (i64.const 0) (i32.const 8))
    (i64.add (i64.load $m offset=1 (i64.const 7)) (i64.add (memory.size $m) (i64.load32_u $n (i32.const 0))))))`,
  ],
  [
    "a 64-bit table",
    `(module (table $t i64 2 9 funcref) (func $f) (elem declare func $f) (func (export "run") (result i64)
    (drop (table.grow $t (ref.func $f) (i64.const 3))) (table.fill $t (i64.const 0) (ref.func $f) (i64.const 2)) (table.copy $t $t (i64.const 1) (i64.const 0) (i64.const 2))
    (i64.add (table.size $t) (table.grow $t (ref.null func) (i64.const 50)))))`,
  ],
  [
    "typed function references",
    `(module (type $f (func (param i32) (result i32))) (elem declare func $g)
    (func $g (type $f) (i32.add (local.get 0) (i32.const 1))) (table $t 2 (ref null $f)) (table $u 1 (ref $f) (ref.func $g))
    (func $maybe (param (ref null $f)) (result i32) (block $null (return (call_ref $f (i32.const 4) (br_on_null $null (local.get 0))))) (i32.const 100))
    (func (export "run") (result i32) (local (ref null $f))
      (block $some (result (ref $f)) (br_on_non_null $some (ref.func $g)) (unreachable)) (drop)
      (i32.add (call $maybe (ref.null $f)) (i32.add (call $maybe (ref.func $g)) (call_ref $f (i32.const 1) (ref.as_non_null (table.get $u (i32.const 0))))))))`,
  ],
  [
    "garbage-collected structs, arrays and casts",
    `(module
    (rec (type $node (sub (struct (field $v (mut i32)) (field $next (ref null $node))))) (type $leaf (sub $node (struct (field $v (mut i32)) (field $next (ref null $node)) (field i8)))))
    (type $bytes (array (mut i8))) (type $words (array (mut i64))) (data $d "abcdef")
    (global $root (ref $node) (struct.new $node (i32.const 5) (ref.null $node))) (global $pad (ref $bytes) (array.new_fixed $bytes 2 (i32.const 1) (i32.const 2)))
    (func $kind (param (ref $node)) (result i32) (block $l (result (ref $leaf)) (drop (br_on_cast $l (ref $node) (ref $leaf) (local.get 0))) (return (i32.const 1))) (drop) (i32.const 2))
    (func (export "run") (result i32) (local $b (ref null $bytes)) (local $n (ref null $node))
      (local.set $b (array.new_data $bytes $d (i32.const 1) (i32.const 4)))
      (array.fill $bytes (local.get $b) (i32.const 2) (i32.const 9) (i32.const 2)) (array.copy $bytes $bytes (local.get $b) (i32.const 0) (global.get $pad) (i32.const 0) (i32.const 1))
      (array.init_data $bytes $d (local.get $b) (i32.const 1) (i32.const 0) (i32.const 1)) (array.set $words (array.new_default $words (i32.const 8)) (i32.const 3) (i64.const 4))
      (local.set $n (struct.new_default $leaf)) (struct.set $node $v (global.get $root) (i32.const 6))
      (i32.add (i32.add (array.get_u $bytes (local.get $b) (i32.const 2)) (array.len (local.get $b))) (i32.add (call $kind (global.get $root))
        (i32.add (call $kind (ref.as_non_null (local.get $n))) (i32.add (struct.get $node $v (global.get $root)) (i31.get_s (ref.cast (ref i31) (ref.i31 (i32.const 3))))))))))`,
  ],
  [
    "atomics on an unshared memory",
    `(module (memory 1) (func (export "run") (result i32) (atomic.fence)
    (i32.atomic.store (i32.const 0) (i32.const 5)) (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 6)))
    (i32.add (memory.atomic.notify (i32.const 0) (i32.const 1)) (i32.atomic.load (i32.const 0)))))`,
  ],
  [
    "function names and other custom sections",
    `(module $named (@custom "metadata.code.branch_hint" "\\00") (@custom "producers" "\\00") (global $g (mut i32) (i32.const 1))
    (func $inner (param $p i32) (result i32) (local $x i32) (global.get $g)) (func (export "run") (result i32) (call $inner (i32.const 1))))`,
  ],
];

/** The legacy exception proposal, which the current text format no longer has: assembled by hand. */
export const LEGACY_EXCEPTIONS = new Uint8Array([
  0x00,
  0x61,
  0x73,
  0x6d,
  0x01,
  0x00,
  0x00,
  0x00,
  0x01,
  0x09,
  0x02,
  0x60,
  0x00,
  0x01,
  0x7f,
  0x60,
  0x01,
  0x7f,
  0x00, // types: () -> i32, (i32) -> ()
  0x03,
  0x02,
  0x01,
  0x00, // one function
  0x0d,
  0x03,
  0x01,
  0x00,
  0x01, // tag 0: (i32)
  0x07,
  0x07,
  0x01,
  0x03,
  0x72,
  0x75,
  0x6e,
  0x00,
  0x00, // export run
  0x0a,
  0x19,
  0x01,
  0x17,
  0x00,
  0x06,
  0x7f, // try (result i32)
  0x06,
  0x40, // try
  0x41,
  0x2a,
  0x08,
  0x00, // i32.const 42, throw 0
  0x18,
  0x00, // delegate 0
  0x41,
  0x00, // i32.const 0
  0x07,
  0x00, // catch 0
  0x41,
  0x01,
  0x6a, // i32.const 1, i32.add
  0x19, // catch_all
  0x41,
  0x7f, // i32.const -1
  0x0b,
  0x0b, // end end
]);
