import { METERING_IMPORT_MODULE } from "../metering/index.ts";
import type { ComponentImports, Glue } from "./glue.ts";
import type { PreparedModule } from "./prepare.ts";
import { HANDLER_EXPORT } from "./world.ts";

const PAGE_BYTES = 65_536;

/** A prepared module, compiled. Structured clone carries it between threads without compiling again. */
export interface LoadedModule extends Omit<PreparedModule, "bytes"> {
  readonly module: WebAssembly.Module;
}

export interface InstantiateOptions {
  readonly glue: Glue;
  readonly modules: readonly LoadedModule[];
  readonly imports: ComponentImports;
  /** Units of fuel; start functions draw on it too. */
  readonly fuel: number;
  /** Pages of 64 KiB over all memories. */
  readonly maxMemoryPages: number;
  readonly maxTableElements: number;
}

export interface ComponentUsage {
  /** Never more than the fuel given. */
  readonly fuelUsed: number;
  /** Linear memory never shrinks, so its size is its peak. */
  readonly peakMemoryBytes: number;
  /** A memory or table was refused growth; the guest may have coped. */
  readonly memoryLimitHit: boolean;
  readonly fuelExhausted: boolean;
}

export interface ComponentInstance {
  /** Calls the export. After it throws, the instance is unusable; see `failureOf` for why it threw. */
  handler(request: unknown): unknown;
  usage(): ComponentUsage;
}

/** The component's initial memories or tables exceed the limits of this invocation. */
export class InitialSizeError extends Error {}

/**
 * Makes an instance of its own memories, tables and globals; nothing is shared with any other.
 *
 * When instantiation itself throws (a start function that traps, say), the usage up to then is in `meter`, which
 * is why the caller makes it.
 */
export function instantiateComponent(
  options: InstantiateOptions,
  meter = createMeter(options),
): ComponentInstance {
  const byName = new Map(options.modules.map((loaded) => [loaded.name, loaded]));
  const byModule = new Map(options.modules.map((loaded) => [loaded.module, loaded]));
  const exports = options.glue.instantiate(
    (name) => required(byName.get(name)).module,
    options.imports,
    (module, imports) => {
      const { initialPages, initialElements } = required(byModule.get(module));
      meter.takeInitial(initialPages, initialElements);
      return new WebAssembly.Instance(module, { ...imports, [METERING_IMPORT_MODULE]: meter.globals });
    },
  );
  const handler = exports[HANDLER_EXPORT];
  if (typeof handler !== "function") throw new TypeError("The component exports no handler.");
  return { handler: (request) => handler(request), usage: () => meter.usage() };
}

export interface Meter {
  /** Shared by all core modules of one instance. */
  readonly globals: Record<string, WebAssembly.Global>;
  takeInitial(pages: number, elements: number): void;
  usage(): ComponentUsage;
}

export function createMeter(
  limits: Pick<InstantiateOptions, "fuel" | "maxMemoryPages" | "maxTableElements">,
): Meter {
  const counter = (value: number): WebAssembly.Global<bigint> =>
    new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(value));
  const fuel = counter(limits.fuel);
  const pages = counter(limits.maxMemoryPages);
  const elements = counter(limits.maxTableElements);
  const refused = new WebAssembly.Global<number>({ value: "i32", mutable: true }, 0);
  const take = (budget: WebAssembly.Global<bigint>, amount: number): void => {
    if (BigInt(amount) > budget.value) {
      refused.value++;
      throw new InitialSizeError("The component starts with more memory or tables than its limits allow.");
    }
    budget.value -= BigInt(amount);
  };
  return {
    globals: { fuel, pages, elements, refused },
    takeInitial(initialPages, initialElements) {
      take(pages, initialPages);
      take(elements, initialElements);
    },
    usage: () => ({
      fuelUsed: fuel.value < 0n ? limits.fuel : limits.fuel - Number(fuel.value),
      peakMemoryBytes: (limits.maxMemoryPages - Number(pages.value)) * PAGE_BYTES,
      memoryLimitHit: refused.value !== 0,
      fuelExhausted: fuel.value < 0n,
    }),
  };
}

function required(loaded: LoadedModule | undefined): LoadedModule {
  if (loaded === undefined) throw new TypeError("The glue asks for a module that was not prepared.");
  return loaded;
}
