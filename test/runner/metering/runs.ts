import { createHash } from "node:crypto";
import { counters, LIMITS, meter, outcome } from "./wat.ts";

/** What the host gives as the global `$base`. */
export const BASE = 40;

const host = (): WebAssembly.Imports => ({
  host: {
    base: new WebAssembly.Global({ value: "i32" }, BASE),
    cell: new WebAssembly.Global({ value: "i64", mutable: true }, 1_000n),
  },
});

type Exports = Record<string, WebAssembly.ExportValue>;

/** Everything that a caller can see of a module: the answers of its functions, then the rest of its exports. */
export interface Seen {
  readonly answers: readonly unknown[];
  readonly state: Readonly<Record<string, unknown>>;
}

export function plainRun(bytes: Uint8Array, a: number, b: number): Seen {
  return observe(() => new WebAssembly.Instance(new WebAssembly.Module(bytes), host()).exports, a, b);
}

export interface MeteredRun {
  readonly seen: Seen;
  readonly fuelLeft: number;
  /** What the counters say that the module's memories and tables have taken, and what they are. */
  readonly counted: { readonly pages: number; readonly elements: number };
  readonly held: { readonly pages: number; readonly elements: number };
}

/** Ends with the call that uses up the fuel. `longLoop` as `instrumentModule` takes it. */
export function meteredRun(
  bytes: Uint8Array,
  fuel: number,
  a: number,
  b: number,
  longLoop?: number,
): MeteredRun {
  const shared = counters(fuel);
  let held: MeteredRun["held"] | undefined;
  let measure = (): void => {};
  const instantiate = (): Exports => {
    const { module, exports } = meter(bytes, {
      shared,
      imports: host(),
      ...(longLoop === undefined ? {} : { longLoop }),
    });
    measure = () => {
      held = {
        pages: sum(module.memories.map(({ exportName }) => pagesOf(exports[exportName]))),
        elements: sum(module.tables.map(({ exportName }) => elementsOf(exports[exportName]))),
      };
    };
    return exports;
  };
  const seen = observe(instantiate, a, b, () => shared.fuel.value < 0n);
  measure();
  const counted = {
    pages: LIMITS.maxMemoryPages - Number(shared.pages.value),
    elements: LIMITS.maxTableElements - Number(shared.elements.value),
  };
  // Of an instance that never came to be, nothing can be measured.
  return { seen, fuelLeft: Number(shared.fuel.value), counted, held: held ?? counted };
}

function observe(instantiate: () => Exports, a: number, b: number, isOver = () => false): Seen {
  let exports: Exports;
  try {
    exports = instantiate();
  } catch (error) {
    return { answers: [{ instantiation: String(error) }], state: {} };
  }
  const own = Object.entries(exports).filter(([name]) => !name.startsWith("workbench:"));
  const functions = own.filter(([, value]) => typeof value === "function").map(([name]) => name);
  const answers: unknown[] = [];
  for (const name of [...functions, ...functions]) {
    answers.push(comparable(outcome(exports, name, a, b), exports));
    if (isOver()) break;
  }
  return {
    answers,
    state: Object.fromEntries(own.map(([name, value]) => [name, comparable(value, exports)])),
  };
}

/** The same for the same thing in another instance. The name of a module's function is its index. */
function comparable(value: unknown, exports: Exports): unknown {
  if (typeof value === "function") return `function ${value.name}`;
  if (value instanceof WebAssembly.Global) return comparable(value.value, exports);
  if (value instanceof WebAssembly.Memory)
    return `${pagesOf(value)} pages ${createHash("sha1").update(new Uint8Array(value.buffer)).digest("hex")}`;
  if (value instanceof WebAssembly.Table)
    return Array.from({ length: value.length }, (_, index) => comparable(value.get(index), exports));
  if (value instanceof WebAssembly.Exception) return exceptionOf(value, exports);
  if (Array.isArray(value)) return value.map((item) => comparable(item, exports));
  if (typeof value === "object" && value !== null && value.constructor === Object)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item, exports)]));
  return value;
}

/** Tags are exported under their names; the longest has two values. */
function exceptionOf(exception: WebAssembly.Exception, exports: Exports): unknown {
  const tag = Object.entries(exports).find(
    ([, value]) => value instanceof WebAssembly.Tag && exception.is(value),
  );
  if (!(tag?.[1] instanceof WebAssembly.Tag)) return "an exception of an unknown tag";
  const count = { plain: 0, number: 1, two: 2 }[tag[0]] ?? 0;
  const thrown = tag[1];
  return [tag[0], ...Array.from({ length: count }, (_, index) => exception.getArg(thrown, index))];
}

function pagesOf(memory: unknown): number {
  return memory instanceof WebAssembly.Memory ? memory.buffer.byteLength / 65_536 : Number.NaN;
}

function elementsOf(table: unknown): number {
  return table instanceof WebAssembly.Table ? Number(table.length) : Number.NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
