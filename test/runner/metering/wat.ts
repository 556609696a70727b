import { parse } from "@bytecodealliance/jco";
import {
  type InstrumentedModule,
  instrumentModule,
  METERING_IMPORT_MODULE,
} from "../../../core/runner/metering/index.ts";

export const LIMITS = { maxMemoryPages: 64, maxTableElements: 1_000 };

/** Text to binary, by the reference tool chain; nothing is validated. */
export function compileWat(text: string): Promise<Uint8Array> {
  return parse(text);
}

export interface Counters {
  readonly fuel: WebAssembly.Global<bigint>;
  readonly pages: WebAssembly.Global<bigint>;
  readonly elements: WebAssembly.Global<bigint>;
  readonly refused: WebAssembly.Global<number>;
  readonly lookout: WebAssembly.Global<bigint>;
  readonly reserved: WebAssembly.Global<bigint>;
  readonly look: WebAssembly.Global;
}

/** Nobody looks on. */
const LOOK = new WebAssembly.Instance(new WebAssembly.Module(await parse(`(module (func (export "look")))`)))
  .exports.look;

export interface Metered {
  readonly module: InstrumentedModule;
  readonly exports: Record<string, WebAssembly.ExportValue>;
  readonly counters: Counters;
}

export function counters(fuel = 1_000_000, limits = LIMITS): Counters {
  return {
    fuel: new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(fuel)),
    pages: new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(limits.maxMemoryPages)),
    elements: new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(limits.maxTableElements)),
    refused: new WebAssembly.Global({ value: "i32", mutable: true }, 0),
    lookout: new WebAssembly.Global({ value: "i64", mutable: true }, 0n),
    reserved: new WebAssembly.Global({ value: "i64", mutable: true }, 0n),
    look: new WebAssembly.Global({ value: "anyfunc" }, LOOK),
  };
}

/** Instruments and instantiates, with the initial sizes taken from the budget as the runner does. */
export function meter(
  bytes: Uint8Array,
  options: {
    fuel?: number;
    limits?: typeof LIMITS;
    imports?: WebAssembly.Imports;
    shared?: Counters;
    longLoop?: number;
  } = {},
): Metered {
  const limits = options.limits ?? LIMITS;
  const module = instrumentModule(bytes, limits, options.longLoop);
  const shared = options.shared ?? counters(options.fuel, limits);
  shared.pages.value -= BigInt(module.initialPages);
  shared.elements.value -= BigInt(module.initialElements);
  const imports = { ...options.imports, [METERING_IMPORT_MODULE]: { ...shared } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), imports);
  return { module, exports, counters: shared };
}

export function call(
  exports: Record<string, WebAssembly.ExportValue>,
  name: string,
  ...args: unknown[]
): unknown {
  const target = exports[name];
  if (typeof target !== "function") throw new Error(`no function ${name}`);
  return (target as (...values: unknown[]) => unknown)(...args); // an exported function takes what JavaScript gives
}

/** What a call gives or how it fails, comparable between two instances. */
export function outcome(
  exports: Record<string, WebAssembly.ExportValue>,
  name: string,
  ...args: unknown[]
): unknown {
  try {
    return { returned: call(exports, name, ...args) };
  } catch (error) {
    return { threw: error instanceof Error ? `${error.name}: ${error.message}` : error };
  }
}
