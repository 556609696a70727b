import { CoreState } from "./core-state.ts";
import type { ComponentImports, Glue } from "./glue.ts";
import { GlueRuns } from "./glue-host.ts";
import { type ComponentUsage, createMeter, type MeterLimits } from "./meter.ts";
import type { PreparedModule } from "./prepare.ts";
import { HANDLER_EXPORT } from "./world.ts";

/** A prepared module, compiled. Structured clone carries it between threads without compiling again. */
export interface LoadedModule extends Omit<PreparedModule, "bytes"> {
  readonly module: WebAssembly.Module;
}

export interface InstantiateOptions extends MeterLimits {
  readonly glue: Glue;
  readonly modules: readonly LoadedModule[];
  readonly imports: ComponentImports;
}

export interface ComponentInstance {
  /** Calls the export. After it throws, the instance is unusable; see `failureOf` for why it threw. */
  handler(request: unknown): unknown;
  usage(): ComponentUsage;
  /**
   * Keeps the present state as the pristine one; to be called before any invocation. False when this component's
   * state cannot be put back, or came about in a way that cannot be repeated.
   */
  capture(): boolean;
  /**
   * Puts everything back as it was at `capture`: memories, globals, tables, and the glue's own state by running the
   * glue anew. To be called on an empty stack, after an invocation that returned. False: the instance must be dropped.
   */
  restore(): boolean;
  /** Bytes of linear memory and of the pristine image; 0 before `capture`. */
  readonly heldBytes: number;
}

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
  const runs = new GlueRuns(new Map(options.modules.map((loaded) => [loaded.module, loaded])), meter);
  const code = options.glue.instantiate(
    (name) => required(byName.get(name)).module,
    options.imports,
    runs.host,
  );
  let pristine: CoreState | undefined;
  let handler = runGlue();
  meter.mark();

  function runGlue(): (request: unknown) => unknown {
    const found = code.run()[HANDLER_EXPORT];
    if (typeof found !== "function") throw new TypeError("The component exports no handler.");
    return (request) => found(request);
  }

  function restore(state: CoreState): boolean {
    if (!runs.untainted || !state.restore()) return false;
    const fuel = meter.fuelLeft();
    runs.rerun(() => {
      handler = runGlue();
    });
    // Glue that calls into the component while it is being set up would leave its traces in the state.
    return meter.fuelLeft() === fuel && runs.untainted;
  }

  return {
    handler: (request) => handler(request),
    usage: () => meter.usage(),
    capture() {
      runs.seal(code);
      if (runs.untainted && !meter.usage().memoryLimitHit) pristine = CoreState.capture(runs.cores);
      return pristine !== undefined;
    },
    restore() {
      if (pristine === undefined) return false;
      try {
        return restore(pristine);
      } catch {
        return false;
      }
    },
    get heldBytes() {
      return pristine?.bytes ?? 0;
    },
  };
}

function required(loaded: LoadedModule | undefined): LoadedModule {
  if (loaded === undefined) throw new TypeError("The glue asks for a module that was not prepared.");
  return loaded;
}
