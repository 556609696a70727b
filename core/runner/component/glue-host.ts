import { METERING_IMPORT_MODULE } from "../metering/index.ts";
import type { CoreInstance } from "./core-state.ts";
import type { GlueCode } from "./glue.ts";
import type { LoadedModule } from "./instantiate.ts";
import { LiftBudget } from "./lift-budget.ts";
import { InitialSizeError, type Meter } from "./meter.ts";

/**
 * What generated glue asks its host for, as its third parameter: core instances, and in place of globals what
 * makes state of its own or calls back later (`transpiler.ts` makes it ask).
 */
export interface GlueHost {
  (module: WebAssembly.Module, imports?: LateImports | WebAssembly.Imports): WebAssembly.Instance;
  makeGlobal(descriptor: { value: string; mutable?: boolean }, value: unknown): WebAssembly.Global;
  compile(bytes: Uint8Array): WebAssembly.Module;
  /** Notes of the glue on functions, constant for each. */
  mark<Target extends object>(target: Target, marks: object): Target;
  /** `fn.bind(null, given())`, with what is given made at the first call. */
  bindLate<Given, Args extends unknown[]>(
    fn: (given: Given, ...args: Args) => unknown,
    given: () => Given,
  ): (...args: Args) => unknown;
  promising(fn: object): object;
  /** One more entry of a table. @throws TooManyHandles */
  takeHandle(): void;
  /** Before a list is lifted: answers the number of its elements. @throws TooMuchLifted */
  liftItems(count: number): number;
  /** Before bytes are lifted: answers their number. @throws TooMuchLifted */
  liftCopy(bytes: number): number;
  /** The engine's own, which asks first. */
  readonly TextDecoder: new (
    encoding?: string,
  ) => { decode(bytes: Encoded): string };
  setTimeout(): number;
  clearTimeout(): void;
  setInterval(): number;
  clearInterval(): void;
  readonly FinalizationRegistry: new () => { register(): void; unregister(): void };
}

/** Text in a component's memory. */
type Encoded = Uint8Array | Uint16Array | DataView;

/** Made when they are needed: by the first run, and by later ones when the core instance first calls one of them. */
type LateImports = () => WebAssembly.Imports;

/** Where a core instance's import leads at present: into the closures of the latest run of the glue. */
interface Forwarder {
  target: (...args: unknown[]) => unknown;
}

interface Linked extends CoreInstance {
  readonly forwarders: readonly Forwarder[];
  /** Imports that are no functions of the glue: memories, tables, globals, and functions of other core instances. */
  readonly fixed: readonly unknown[];
  /** What the latest run imports into it, as long as the forwarders lead into an earlier one. */
  given: LateImports | undefined;
}

/** Entries that an invocation may make in the glue's tables, whether or not it drops them again. */
const MAX_HANDLES = 250_000;

/** Each takes gigabytes of the process's addresses, however small it is, and those do not suffice for everybody's. */
const MAX_MEMORIES = 32;

/** The invocation has made more handles than one may. */
export class TooManyHandles extends Error {}

/** The glue is not what it was at its first run. */
export class GlueMismatch extends Error {}

/**
 * Lets generated glue run again over core instances that exist already. All that the glue keeps (resource and
 * handle tables, tasks, borrows, caches) lies in the closures of one run; a second run makes all of it anew, while
 * the core instances' imports, which are forwarders, come to lead into what that run made of them.
 */
export class GlueRuns {
  readonly host: GlueHost;
  readonly #cores: Linked[] = [];
  readonly #globals: { readonly global: WebAssembly.Global; initial: unknown }[] = [];
  readonly #modules: WebAssembly.Module[] = [];
  readonly #promised = new Map<object, object>();
  readonly #coreFunctions = new Set<unknown>();
  readonly #meter: Meter;
  readonly #lifts = new LiftBudget();
  #handles = 0;
  #memories = 0;
  #next = { core: 0, global: 0, module: 0 };
  #again = false;
  /** The first time that the glue runs again shows whether it does the same; later ones link what is called. */
  #isRepeatable = false;
  /** Something happened that running the glue again would not repeat or undo. */
  #tainted = false;

  constructor(byModule: ReadonlyMap<WebAssembly.Module, LoadedModule>, meter: Meter) {
    this.#meter = meter;
    const taint = () => {
      this.#tainted = true;
      return 0;
    };
    const instantiate = (module: WebAssembly.Module, given: LateImports | WebAssembly.Imports = {}) => {
      const loaded = byModule.get(module);
      // Those of an instance that is made within a task of its own are made then, beside what the task needs.
      const imports = typeof given === "function" ? given : () => given;
      if (loaded === undefined) throw new TypeError("The glue instantiates a module that was not prepared.");
      return this.#again ? this.#relink(loaded, imports) : this.#link(loaded, imports);
    };
    this.host = Object.assign(instantiate, {
      makeGlobal: (descriptor: { value: string; mutable?: boolean }, value: unknown) =>
        this.#makeGlobal(descriptor, value),
      compile: (bytes: Uint8Array) => {
        const index = this.#next.module++;
        this.#modules[index] ??= new WebAssembly.Module(bytes);
        return this.#modules[index];
      },
      // On core functions they stay; what is linked in between are forwarders, at which nobody looks.
      mark: <Target extends object>(target: Target, marks: object) =>
        this.#again ? target : Object.assign(target, marks),
      bindLate: <Given, Args extends unknown[]>(
        fn: (given: Given, ...args: Args) => unknown,
        given: () => Given,
      ) => {
        let made: { given: Given } | undefined;
        return (...args: Args) => {
          made ??= { given: given() };
          return fn(made.given, ...args);
        };
      },
      promising: (fn: object) => this.#promising(fn),
      takeHandle: () => {
        if (++this.#handles > MAX_HANDLES) throw new TooManyHandles();
      },
      liftItems: (count: number) => this.#lifts.items(count),
      liftCopy: (bytes: number) => this.#lifts.copy(bytes),
      TextDecoder: decoderWithin(this.#lifts),
      // Nothing of a component runs after its answer. Only its asynchronous machinery would want to.
      setTimeout: taint,
      clearTimeout: () => undefined,
      setInterval: taint,
      clearInterval: () => undefined,
      FinalizationRegistry: class {
        register(): void {}
        unregister(): void {}
      },
    });
  }

  get cores(): readonly CoreInstance[] {
    return this.#cores;
  }

  /** Whether the glue's own state is the work of its instantiation alone, and nothing waits to run later. */
  get untainted(): boolean {
    return !this.#tainted;
  }

  /** Ends the first run: from here on, calls into the glue are those of invocations, and what is kept of it is code. */
  seal({ kept }: GlueCode): void {
    for (const { value, fields } of kept) freezeCode(value, fields);
    for (const held of this.#globals) held.initial = held.global.value;
    this.#again = true;
  }

  /** @throws GlueMismatch, or what the glue throws. */
  rerun(run: () => void): void {
    this.#next = { core: 0, global: 0, module: 0 };
    this.#handles = 0;
    this.#lifts.reset();
    run();
    if (this.#next.core !== this.#cores.length || this.#next.global !== this.#globals.length)
      throw new GlueMismatch();
    for (const { global, initial } of this.#globals) global.value = initial;
    if (!this.#isRepeatable) for (const core of this.#cores) this.#retarget(core);
    this.#isRepeatable = true;
  }

  #link(loaded: LoadedModule, given: LateImports): WebAssembly.Instance {
    const forwarders: Forwarder[] = [];
    const fixed: unknown[] = [];
    const linked: WebAssembly.Imports = { [METERING_IMPORT_MODULE]: this.#meter.globals };
    const core: { linked?: Linked } = {};
    for (const [module, names] of Object.entries(given())) {
      linked[module] = {};
      for (const [name, value] of Object.entries(names)) {
        linked[module][name] = this.#isGlueFunction(value) ? this.#forward(value, forwarders, core) : value;
        if (!this.#isGlueFunction(value)) fixed.push(value);
      }
    }
    this.#memories += loaded.memories.length;
    if (this.#memories > MAX_MEMORIES) throw new InitialSizeError("The component has too many memories.");
    this.#meter.takeInitial(loaded.initialPages, loaded.initialElements);
    const instance = new WebAssembly.Instance(loaded.module, linked);
    for (const value of Object.values(instance.exports))
      if (typeof value === "function") this.#coreFunctions.add(value);
    core.linked = { loaded, instance, forwarders, fixed, given: undefined };
    this.#cores.push(core.linked);
    return instance;
  }

  #relink(loaded: LoadedModule, given: LateImports): WebAssembly.Instance {
    const core = this.#cores[this.#next.core++];
    if (core?.loaded !== loaded) throw new GlueMismatch();
    core.given = given;
    return core.instance;
  }

  #retarget(core: Linked): void {
    const given = core.given?.() ?? {};
    let forwarder = 0;
    let fixed = 0;
    for (const names of Object.values(given)) {
      for (const value of Object.values(names)) {
        if (this.#isGlueFunction(value)) {
          const link = core.forwarders[forwarder++];
          if (link === undefined) throw new GlueMismatch();
          link.target = value;
        } else if (core.fixed[fixed++] !== value) throw new GlueMismatch();
      }
    }
    if (forwarder !== core.forwarders.length || fixed !== core.fixed.length) throw new GlueMismatch();
    // Last: a guest that catches a mismatch and calls again meets it again, and nothing that an earlier run made.
    core.given = undefined;
  }

  #forward(
    target: Forwarder["target"],
    forwarders: Forwarder[],
    core: { readonly linked?: Linked },
  ): Forwarder["target"] {
    const link = { target };
    forwarders.push(link);
    return (...args) => {
      // A start function that calls out leaves state in this run's closures, which another run would not repeat.
      if (!this.#again) this.#tainted = true;
      if (core.linked?.given !== undefined) this.#retarget(core.linked);
      return this.#lifts.within(() => link.target(...args));
    };
  }

  /** Functions of other core instances are linked as they are: the engine calls them without JavaScript. */
  #isGlueFunction(value: unknown): value is Forwarder["target"] {
    return typeof value === "function" && !this.#coreFunctions.has(value);
  }

  /** One for each core function: it holds nothing. */
  #promising(fn: object): object {
    const known = this.#promised.get(fn);
    if (known !== undefined) return known;
    const made = Object.freeze(WebAssembly.promising(fn));
    this.#promised.set(fn, made);
    return made;
  }

  #makeGlobal(descriptor: { value: string; mutable?: boolean }, value: unknown): WebAssembly.Global {
    const index = this.#next.global++;
    const known = this.#globals[index];
    if (known !== undefined) {
      known.global.value = value;
      return known.global;
    }
    if (this.#again) throw new GlueMismatch();
    const global = new WebAssembly.Global(descriptor, value);
    this.#globals.push({ global, initial: value });
    return global;
  }
}

function decoderWithin(lifts: LiftBudget): GlueHost["TextDecoder"] {
  return class {
    readonly #decoder: InstanceType<typeof TextDecoder>;

    constructor(encoding?: string) {
      this.#decoder = new TextDecoder(encoding);
    }

    decode(bytes: Encoded): string {
      lifts.text(bytes.byteLength);
      return this.#decoder.decode(bytes);
    }
  };
}

/**
 * Nothing can be left in a function or class, or in its methods, but in the fields that each run sets. Private methods
 * cannot be reached; only their class can name them, and the generator's calls them and no more.
 */
function freezeCode(code: object, fields: readonly string[], seen = new Set<unknown>()): void {
  seen.add(code);
  for (const key of [...Object.getOwnPropertyNames(code), ...Object.getOwnPropertySymbols(code)]) {
    const property = Object.getOwnPropertyDescriptor(code, key);
    if (property === undefined || (typeof key === "string" && fields.includes(key))) continue;
    const isData = "value" in property;
    Object.defineProperty(code, key, { configurable: false, ...(isData ? { writable: false } : {}) });
    for (const part of [property.value, property.get, property.set])
      if (!Object.isFrozen(part) && !seen.has(part)) freezeCode(part, [], seen);
  }
  Object.preventExtensions(code);
}
