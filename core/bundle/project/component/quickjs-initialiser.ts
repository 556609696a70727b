import { withCoreModules } from "./component-sections.ts";
import { type InitialisedModule, prepareInitialisation } from "./initialised-module.ts";
import { allocate, type LinkedModules, linkModules, memoryOf, numeric, RUNTIME } from "./quickjs-linking.ts";
import { ARGUMENTS_ADDRESS, ARGUMENTS_COUNT, INITIALISER } from "./quickjs-template.ts";

/** A template taken apart and compiled, ready to be initialised with one source after the other. */
export interface LoadedTemplate {
  /** The component with the source's state in it. Throws with the engine's message. */
  initialise(source: string): Uint8Array;
}

interface Part {
  readonly prepared: InitialisedModule;
  readonly module: WebAssembly.Module;
}

/** Something that only the module in question exports. */
const MARKS = {
  main: `${RUNTIME}:memory_base`,
  runtime: "wit_dylib_initialize",
  dylib: "handler",
} as const;
const WORD_BYTES = 4;
const OK = 0;

export function loadTemplate(template: Uint8Array): LoadedTemplate {
  const modules: Uint8Array[] = [];
  withCoreModules(template, (module) => {
    modules.push(module);
    return module;
  });
  const found: Partial<Record<keyof typeof MARKS, number>> = {};
  const parts = new Map<number, Part>();
  for (const [index, bytes] of modules.entries()) {
    const names = new Set(WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name));
    for (const role of ROLES) {
      if (!names.has(MARKS[role]) || (role === "dylib" && names.has(MARKS.runtime))) continue;
      found[role] ??= index;
      const prepared = prepareInitialisation(bytes);
      parts.set(index, { prepared, module: new WebAssembly.Module(prepared.instrumented) });
    }
  }
  const part = (role: keyof typeof MARKS): Part => {
    const each = parts.get(found[role] ?? -1);
    if (each === undefined) throw new Error(`the toolchain's component has no ${role} module`);
    return each;
  };
  const main = part("main");
  const runtime = part("runtime");
  const dylib = part("dylib");
  return {
    initialise(source) {
      const instances = linkModules(main.module, runtime.module, dylib.module);
      run(instances, source);
      const captured = new Map([
        [found.main, main.prepared.capture(instances.main)],
        [found.runtime, runtime.prepared.capture(instances.runtime)],
        [found.dylib, dylib.prepared.capture(instances.dylib)],
      ]);
      let index = 0;
      return withCoreModules(template, (module) => captured.get(index++) ?? module);
    },
  };
}

const ROLES = ["main", "runtime", "dylib"] as const;

/** Calls the real initialiser as the toolchain called the stub, with the source in place of the template's. */
function run({ main, runtime }: LinkedModules, source: string): void {
  const memory = memoryOf(main);
  const words = () => new Uint32Array(memory.buffer, ARGUMENTS_ADDRESS, ARGUMENTS_COUNT);
  const noted = [...words()];
  words().fill(0);
  const text = new TextEncoder().encode(source);
  const address = allocate(runtime, text.length);
  new Uint8Array(memory.buffer, address, text.length).set(text);
  const [shim = 0, shimLength = 0] = noted;
  const initialiser = numeric(runtime, INITIALISER);
  const result = initialiser(shim, shimLength, address, text.length, 0, 0, 0, noted.at(-1) ?? 0);
  const view = new DataView(memory.buffer);
  if (view.getUint8(result) !== OK) {
    const start = view.getUint32(result + WORD_BYTES, true);
    const length = view.getUint32(result + 2 * WORD_BYTES, true);
    throw new Error(new TextDecoder().decode(new Uint8Array(memory.buffer, start, length)));
  }
  numeric(runtime, `cabi_post_${INITIALISER}`)(result);
}
