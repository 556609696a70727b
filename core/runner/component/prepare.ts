import { type InstrumentedModule, instrumentModule, type MeteringLimits } from "../metering/index.ts";
import { ComponentError } from "./errors.ts";
import { requireSafeGlue } from "./glue-safety.ts";
import { withKeptCode } from "./kept-code.ts";
import { namesOf, requireSafeNames } from "./names.ts";
import { requireShallow } from "./nesting.ts";
import { transpileComponent } from "./transpiler.ts";
import { requireHandler, requireKnownImports, requireSynchronousHandler } from "./world.ts";

/** What the runner keeps of a component: everything but the module bytes is JSON. */
export interface PreparedComponent {
  /** Generated glue, an ES module for `loadGlue`. */
  readonly source: string;
  /** Metered core modules under the names by which the glue asks for them. */
  readonly modules: readonly PreparedModule[];
  /** Interfaces that the component imports, without versions, such as `alga:extension/http`. */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
}

export interface PreparedModule extends Omit<InstrumentedModule, "imports" | "exports"> {
  readonly name: string;
}

const MAX_CORE_MODULES = 256;

/**
 * Checks a component against the runner's world, generates its glue and meters its core modules.
 *
 * The bytes are untrusted: parsing and generating may take long or exhaust memory on hostile input, so the caller
 * runs this where it can be killed. `limits` are the most that any invocation may have; a lower limit is set when the
 * component is instantiated.
 * @throws ComponentError, MeteringError
 */
export async function prepareComponent(
  component: Uint8Array,
  limits: MeteringLimits,
): Promise<PreparedComponent> {
  requireComponent(component);
  requireShallow(component);
  const transpiled = await transpileComponent(component);
  requireKnownImports(transpiled.imports);
  requireHandler(transpiled.exports);
  requireSynchronousHandler(transpiled.glue);
  requireSafeNames([...transpiled.imports, ...transpiled.exports.map(([name]) => name)]);
  if (transpiled.modules.size > MAX_CORE_MODULES) {
    throw new ComponentError({
      code: "component_too_large",
      message: "The component consists of too many core modules.",
      details: { expected: `at most ${MAX_CORE_MODULES}`, actual: transpiled.modules.size },
    });
  }
  const modules: PreparedModule[] = [];
  for (const [name, bytes] of transpiled.modules) {
    const instrumented = instrumentModule(bytes, limits);
    requireSafeNames(namesOf(instrumented));
    const { imports: _imports, exports: _exports, ...module } = instrumented;
    modules.push({ name, ...module });
  }
  return {
    source: withKeptCode(transpiled.glue, requireSafeGlue(transpiled.glue)),
    modules,
    imports: transpiled.imports,
    exports: transpiled.exports.map(([name]) => name),
  };
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;
const CORE_LAYER = 0;
const LAYER_OFFSET = 6;

function requireComponent(bytes: Uint8Array): void {
  const isWebAssembly = MAGIC.every((byte, index) => bytes[index] === byte);
  if (isWebAssembly && bytes[LAYER_OFFSET] !== CORE_LAYER) return;
  throw new ComponentError({
    code: "not_a_component",
    message: isWebAssembly
      ? "The file is a WebAssembly core module, not a component."
      : "The file is not WebAssembly.",
    hint: "Build the extension as a component (`workbench build`).",
  });
}
