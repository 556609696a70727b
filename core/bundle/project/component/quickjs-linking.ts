import { type GuestMemory, hostFunction } from "./quickjs-host.ts";

/** The toolchain's names of two of its modules. */
export const RUNTIME = "componentize_qjs_runtime.wasm";
const DYLIB = "wit-dylib.wasm";
const REALLOC = "cabi_realloc";
const BYTE_ALIGNMENT = 1;

export interface LinkedModules {
  /** Owns memory and table. */
  readonly main: WebAssembly.Instance;
  /** The engine. */
  readonly runtime: WebAssembly.Instance;
  /** The bindings of the component's world. */
  readonly dylib: WebAssembly.Instance;
}

type Lookup = (from: string, name: string) => WebAssembly.ExportValue | undefined;

/** Instances of the three modules, linked as in the component that they come from. */
export function linkModules(
  mainModule: WebAssembly.Module,
  runtimeModule: WebAssembly.Module,
  dylibModule: WebAssembly.Module,
): LinkedModules {
  const guest: GuestMemory = {
    view: () => new DataView(memoryOf(main).buffer),
    allocate: (bytes) => allocate(runtime, bytes),
  };
  const main = new WebAssembly.Instance(
    mainModule,
    importsOf(mainModule, () => undefined, guest),
  );
  const shared = main.exports;
  const ofMain =
    (owner: string): Lookup =>
    (from, name) => {
      if (from === "GOT.func") return shared[`${owner}:${name}`];
      if (from === "GOT.mem") return shared[name];
      return from === "env" ? (shared[name] ?? shared[`${owner}:${name.replace(/^__/, "")}`]) : undefined;
    };
  const runtime = new WebAssembly.Instance(runtimeModule, importsOf(runtimeModule, ofMain(RUNTIME), guest));
  const ofDylib = ofMain(DYLIB);
  const lookup: Lookup = (from, name) =>
    ofDylib(from, name) ?? (from === "env" ? runtime.exports[name] : undefined);
  const dylib = new WebAssembly.Instance(dylibModule, importsOf(dylibModule, lookup, guest));
  const slot = shared[`${RUNTIME}:${REALLOC}`];
  const table = shared["__indirect_function_table"];
  if (slot instanceof WebAssembly.Global && table instanceof WebAssembly.Table)
    table.set(Number(slot.value), runtime.exports[REALLOC]);
  return { main, runtime, dylib };
}

export function memoryOf(main: WebAssembly.Instance): WebAssembly.Memory {
  const { memory } = main.exports;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new Error("the main module exports no memory");
}

/** Room for so many bytes in the guest's memory. */
export function allocate(runtime: WebAssembly.Instance, bytes: number): number {
  return numeric(runtime, REALLOC)(0, 0, BYTE_ALIGNMENT, bytes);
}

export function numeric(instance: WebAssembly.Instance, name: string): (...values: number[]) => number {
  const found = instance.exports[name];
  if (typeof found !== "function") throw new Error(`the runtime exports no ${name}`);
  // The runtime's functions take and return addresses and lengths.
  return found as (...values: number[]) => number;
}

/** What a module imports: another module's exports, or the host's functions. */
function importsOf(module: WebAssembly.Module, lookup: Lookup, guest: GuestMemory): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ExportValue | CallableFunction>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: lookup(from, name) ?? hostFunction(from, name, guest) };
  }
  return imports;
}
