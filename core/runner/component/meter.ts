const PAGE_BYTES = 65_536;

export interface MeterLimits {
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

/** The component's initial memories or tables exceed the limits of this invocation. */
export class InitialSizeError extends Error {}

export interface Meter {
  /** Shared by all core modules of one instance. */
  readonly globals: Record<string, WebAssembly.Global>;
  takeInitial(pages: number, elements: number): void;
  usage(): ComponentUsage;
  /** Remembers what has been used so far as the price of instantiation. */
  mark(): void;
  /** As the counter stands; below zero once it is exhausted. */
  fuelLeft(): bigint;
  /** Grants a new invocation its limits; what instantiation took is charged to it. @throws InitialSizeError. */
  begin(limits: MeterLimits): void;
}

export function createMeter(given: MeterLimits): Meter {
  const counter = (value: number): WebAssembly.Global<bigint> =>
    new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(value));
  let limits = given;
  const fuel = counter(limits.fuel);
  const pages = counter(limits.maxMemoryPages);
  const elements = counter(limits.maxTableElements);
  const refused = new WebAssembly.Global<number>({ value: "i32", mutable: true }, 0);
  let marked = { fuel: 0n, pages: 0, elements: 0 };

  function take(budget: WebAssembly.Global<bigint>, amount: number): void {
    if (BigInt(amount) > budget.value) {
      refused.value++;
      throw new InitialSizeError("The component starts with more memory or tables than its limits allow.");
    }
    budget.value -= BigInt(amount);
  }

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
    mark() {
      marked = {
        fuel: BigInt(limits.fuel) - fuel.value,
        pages: limits.maxMemoryPages - Number(pages.value),
        elements: limits.maxTableElements - Number(elements.value),
      };
    },
    fuelLeft: () => fuel.value,
    begin(granted) {
      limits = granted;
      // Below zero when instantiation alone took more: the first function entry then traps as out of fuel.
      fuel.value = BigInt(granted.fuel) - marked.fuel;
      pages.value = BigInt(granted.maxMemoryPages);
      elements.value = BigInt(granted.maxTableElements);
      refused.value = 0;
      take(pages, marked.pages);
      take(elements, marked.elements);
    },
  };
}
