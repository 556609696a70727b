const PAGE_BYTES = 65_536;

export interface MeterLimits {
  /** Units of fuel; start functions draw on it too. */
  readonly fuel: number;
  /** Pages of 64 KiB over all memories. */
  readonly maxMemoryPages: number;
  readonly maxTableElements: number;
}

/**
 * Looks at an invocation while it computes, at the first function that it enters after a millisecond or a few: this is
 * how a deadline ends a computation without ending the thread, and what is known of one whose thread is ended all the same.
 */
export interface MeterWatch {
  /** True: no more fuel, the module traps. */
  isOver(): boolean;
  note(usage: ComponentUsage): void;
}

export interface ComponentUsage {
  /** Never more than the fuel given. */
  readonly fuelUsed: number;
  /** Linear memory never shrinks, so its size is its peak. */
  readonly peakMemoryBytes: number;
  /** A memory or table was refused growth; the guest may have coped. */
  readonly memoryLimitHit: boolean;
  readonly fuelExhausted: boolean;
  /** The watch ended it. */
  readonly interrupted: boolean;
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
  /** Below zero once it is exhausted. */
  fuelLeft(): bigint;
  /** Grants a new invocation its limits; what instantiation took is charged to it. @throws InitialSizeError. */
  begin(limits: MeterLimits, watch?: MeterWatch): void;
}

/** Fuel between two looks: a millisecond or a few, as a unit takes one to five nanoseconds. */
const SLICE = 1_000_000n;
/** Below zero, as it is when the fuel is used up. */
const TAKEN = -1n;

export function createMeter(given: MeterLimits, watch?: MeterWatch): Meter {
  const counter = (value: number): WebAssembly.Global<bigint> =>
    new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(value));
  let limits = given;
  let watching = watch;
  /** What was left when the watch took it. */
  let taken: bigint | undefined;
  const fuel = counter(limits.fuel);
  const pages = counter(limits.maxMemoryPages);
  const elements = counter(limits.maxTableElements);
  const refused = new WebAssembly.Global<number>({ value: "i32", mutable: true }, 0);
  const lookout = counter(0);
  const reserved = counter(0);
  let marked = { fuel: 0n, pages: 0, elements: 0 };
  watchOn();

  function watchOn(): void {
    lookout.value = fuel.value > SLICE ? fuel.value - SLICE : 0n;
  }

  function look(): void {
    watching?.note(usage());
    if (taken !== undefined || watching?.isOver() !== true) {
      watchOn();
      return;
    }
    taken = fuel.value;
    fuel.value = TAKEN;
  }

  function take(budget: WebAssembly.Global<bigint>, amount: number): void {
    if (BigInt(amount) > budget.value) {
      refused.value++;
      throw new InitialSizeError("The component starts with more memory or tables than its limits allow.");
    }
    budget.value -= BigInt(amount);
  }

  const fuelLeft = () => taken ?? fuel.value;

  function usage(): ComponentUsage {
    const left = fuelLeft();
    return {
      fuelUsed: left < 0n ? limits.fuel : limits.fuel - Number(left),
      peakMemoryBytes: (limits.maxMemoryPages - Number(pages.value)) * PAGE_BYTES,
      memoryLimitHit: refused.value !== 0,
      fuelExhausted: left < 0n,
      interrupted: taken !== undefined,
    };
  }

  return {
    globals: { fuel, pages, elements, refused, lookout, reserved, look: functionGlobal(look) },
    takeInitial(initialPages, initialElements) {
      take(pages, initialPages);
      take(elements, initialElements);
    },
    usage,
    fuelLeft,
    mark() {
      marked = {
        fuel: BigInt(limits.fuel) - fuelLeft(),
        pages: limits.maxMemoryPages - Number(pages.value),
        elements: limits.maxTableElements - Number(elements.value),
      };
    },
    begin(granted, nextWatch) {
      limits = granted;
      watching = nextWatch;
      taken = undefined;
      // Below zero when instantiation alone took more: the first function entry traps.
      fuel.value = BigInt(granted.fuel) - marked.fuel;
      watchOn();
      pages.value = BigInt(granted.maxMemoryPages);
      elements.value = BigInt(granted.maxTableElements);
      refused.value = 0;
      take(pages, marked.pages);
      take(elements, marked.elements);
    },
  };
}

/** `(module (import "h" "f" (func)) (export "f" (func 0)))`: a global holds functions of modules only. */
const WRAPPER = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x66, 0x00, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
);
let wrapper: WebAssembly.Module | undefined;

function functionGlobal(run: () => void): WebAssembly.Global {
  wrapper ??= new WebAssembly.Module(WRAPPER);
  const { f } = new WebAssembly.Instance(wrapper, { h: { f: run } }).exports;
  return new WebAssembly.Global({ value: "anyfunc" }, f);
}
