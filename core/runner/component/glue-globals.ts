/**
 * Globals that generated glue refers to. Nothing here reaches the process, the network, the file system or the
 * module loader. (`vals` is undeclared in the generator's own helpers.)
 */
export const GLUE_GLOBALS: ReadonlySet<string> = new Set(
  (
    "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Error Float32Array " +
    "Float64Array Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise RangeError Set " +
    "String Symbol TextDecoder TextEncoder TypeError Uint16Array Uint32Array Uint8Array WeakMap WeakRef WebAssembly " +
    "arguments console isNaN queueMicrotask undefined vals"
  ).split(" "),
);
