import { registerHooks } from "node:module";
import { ComponentError, printable } from "./errors.ts";
import { outlineOf } from "./outline.ts";

/** What the generator makes of a component: the glue in JavaScript, and the core modules it instantiates. */
export interface Transpiled {
  readonly glue: string;
  readonly modules: ReadonlyMap<string, Uint8Array>;
  readonly imports: readonly string[];
  readonly exports: readonly (readonly [string, string])[];
}

type Generator = typeof import("@bytecodealliance/jco-transpile/component");

const GENERATOR = "@bytecodealliance/jco-transpile/component";
const SHIM = "@bytecodealliance/preview2-shim/";
const GLUE_NAME = "component";

/**
 * The generator is itself a component. Loaded as it comes, it would bring WASI for Node, which starts a thread and
 * opens the whole file system; generating needs neither, so it gets the shim's browser half.
 */
async function loadGenerator(generation: number): Promise<Generator> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith(SHIM)
        ? next(specifier, { ...context, conditions: ["import", "default"] })
        : next(specifier, context),
  });
  try {
    // The query makes a new module instance; the type is that of the module behind it.
    const generator = (await import(`${import.meta.resolve(GENERATOR)}?${generation}`)) as Generator;
    await generator.$init;
    return generator;
  } finally {
    hooks.deregister();
  }
}

let generation = 0;
let loaded: Promise<Generator> | undefined;

/** Parses and validates a component and generates its glue. The component is untrusted. */
export async function transpileComponent(component: Uint8Array): Promise<Transpiled> {
  loaded ??= loadGenerator(generation);
  const generator = await loaded;
  const outline = outlineOf(component);
  try {
    const { files, imports, exports } = generator.generate(outline.component, {
      name: GLUE_NAME,
      // Synchronous instantiation of modules that are compiled beforehand: no promises in the path of a call.
      instantiation: { tag: "sync" },
      noTypescript: true,
      noNodejsCompat: true,
      noNamespacedExports: true,
      tlaCompat: false,
      base64Cutoff: 0,
      // The engine knows several memories; without this the adapters go through JavaScript for each access.
      multiMemory: true,
      // Without this the generator refuses every module that uses exceptions.
      bindgenEnableWasmExnref: true,
      strict: true,
    });
    const glue = files.find(([name]) => name === `${GLUE_NAME}.js`)?.[1];
    if (glue === undefined) throw new Error("the generator made no JavaScript");
    return {
      glue: withCountedLifts(
        withCountedHandles(withHost(withoutGlobalObject(new TextDecoder().decode(glue)))),
      ),
      modules: new Map(
        files
          .filter(([name]) => name.endsWith(".wasm"))
          .map(([name, module]) => [name, outline.original(module)]),
      ),
      imports,
      exports,
    };
  } catch (error) {
    if (!isAnswer(error)) {
      // A trap or an overflow leaves the generator unusable; the next component gets a new one.
      generation++;
      loaded = undefined;
    }
    throw new ComponentError({
      code: "invalid_component",
      message: "The component is malformed or uses features that are not supported.",
      details: { reason: printable(reasonOf(error)) },
      hint: "Build the component again with a supported toolchain.",
      cause: error,
    });
  }
}

/**
 * The generator reads the global object twice: for a debug switch in the environment, and to test for WebAssembly.
 * Without the two, glue that names it at all is not the generator's, and is refused.
 */
function withoutGlobalObject(glue: string): string {
  return glue
    .replaceAll("globalThis?.process?.env?.JCO_DEBUG", "false")
    .replaceAll("globalThis.WebAssembly", "WebAssembly");
}

const INSTANTIATE =
  "export function instantiate(getCoreModule, imports, instantiateCore = (module, importObject) => new WebAssembly.Instance(module, importObject)) {";
const ASKED_OF_HOST =
  "setTimeout, clearTimeout, setInterval, clearInterval, FinalizationRegistry, TextDecoder";

/**
 * Makes the glue ask its host for globals that it shares with core modules, so that they can stay when the glue
 * runs again, and for everything that would call back after an answer. See `GlueHost`.
 */
function withHost(glue: string): string {
  if (!glue.includes(INSTANTIATE)) throw new Error("the generator's function has another form than expected");
  return glue
    .replace(
      INSTANTIATE,
      `export function instantiate(getCoreModule, imports, instantiateCore) {\nconst { ${ASKED_OF_HOST} } = instantiateCore;`,
    )
    .replaceAll("new WebAssembly.Global(", "instantiateCore.makeGlobal(")
    .replaceAll("new WebAssembly.Module(", "instantiateCore.compile(")
    .replaceAll("WebAssembly.promising(", "instantiateCore.promising(")
    .replaceAll("Object.assign(", "instantiateCore.mark(");
}

/**
 * Where the glue's tables grow: by a resource's handle, of which it also remembers those that were dropped, and by whatever
 * its asynchronous machinery keeps, where a place that is free again is used again: each host call takes one and frees it.
 */
const TABLES = [
  { growing: "table._createdReps.add(rep);", name: "function rscTableCreateOwn(" },
  { growing: "this.#data.push(val);", name: "class RepTable {" },
] as const;

/**
 * Makes the glue's tables ask before they grow: a table that fills the heap of its thread ends the whole process, where
 * the engine cannot find room for twice as many elements at once.
 */
function withCountedHandles(glue: string): string {
  return TABLES.reduce((counted, { growing, name }) => {
    if (!counted.includes(name)) return counted;
    if (counted.split(growing).length !== 2)
      throw new Error("the generator's tables have another form than expected");
    return counted.replace(growing, `instantiateCore.takeHandle(); ${growing}`);
  }, glue);
}

/** Lists as the generator lifts them: element by element, at once where elements are numbers, or by a common function. */
const LIFTED_ITEMS = /for \(let i = 0; i < (len\d+); i\+\+\)/g;
const LIFTED_BYTES = /\.buffer\.slice\((ptr\d+), \1 \+ (len\d+ \* \d+)\)/g;
const LIFTED_BY_FUNCTION = "const readValuesAndReset = (ctx, originalPtr, originalLen, dataPtr, len) => {";
const UNCOUNTED = /\.buffer\.slice\((?!ptr\d+, ptr\d+ \+ instantiateCore\.liftCopy)|i < len\d+/;

/** Makes the glue ask before it makes a list of what the component says; text asks by its decoder. See `LiftBudget`. */
function withCountedLifts(glue: string): string {
  const counted = glue
    .replace(LIFTED_ITEMS, "for (let i = 0, $items = instantiateCore.liftItems($1); i < $items; i++)")
    .replace(LIFTED_BYTES, ".buffer.slice($1, $1 + instantiateCore.liftCopy($2))")
    .replace(LIFTED_BY_FUNCTION, `${LIFTED_BY_FUNCTION} instantiateCore.liftItems(len);`);
  const hasFunction = glue.includes("function _liftFlatList(");
  if (UNCOUNTED.test(counted) || hasFunction !== glue.includes(LIFTED_BY_FUNCTION))
    throw new Error("the generator's lists have another form than expected");
  return counted;
}

/** The generator's own `err` result, as opposed to a failure of the generator. */
function isAnswer(error: unknown): boolean {
  return !(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : "unknown";
}
