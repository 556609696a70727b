import { withCoreModules } from "./component-sections.ts";
import { bodyOf, exportedFunction, replace } from "./initialised-module.ts";
import { importsOf } from "./module-imports.ts";
import { concat, readSections, SECTION, SectionReader, u32, vector, writeModule } from "./wasm-sections.ts";

/**
 * The toolchain compiles its whole runtime to machine code to run the initialiser once, a second or more for every
 * build. Nearly all of a component depends on its world alone, so that work is done once a world: the toolchain gets a
 * runtime whose initialiser only notes what it was called with, and its component, with the real initialiser put
 * back, is a template in which sources are initialised by ourselves (`quickjs-initialiser.ts`).
 */
export interface StubbedRuntime {
  readonly runtime: Uint8Array;
  /** The toolchain's component with the real initialiser in it again. */
  restore(component: Uint8Array): Uint8Array;
}

/** Where the stub notes its arguments: the far end of the stack, which nothing else reaches. */
export const ARGUMENTS_ADDRESS = 16;
/** `shim` and `script` as address and length, `entry-path` as presence, address and length, `disable-gc`. */
export const ARGUMENTS_COUNT = 8;
export const INITIALISER = "init";

const WORD_BYTES = 4;
/** Zeros: the encoding of success. */
const RESULT_ADDRESS = ARGUMENTS_ADDRESS + ARGUMENTS_COUNT * WORD_BYTES;
const OP = { i32Const: 0x41, localGet: 0x20, i32Store: 0x36, end: 0x0b } as const;
const WORD_ALIGNED = 2;
const FUNCTION = 0x00;

export function stubInitialiser(runtime: Uint8Array): StubbedRuntime {
  const sections = readSections(runtime);
  const imported = importsOf(runtime).filter(({ kind }) => kind === FUNCTION).length;
  const initialiser = exportedFunction(sections, INITIALISER);
  if (initialiser === undefined) throw new Error("the runtime has no initialiser");
  const real = bodyOf(sections, SECTION.code);
  const functions = functionsOf(real);
  functions[initialiser - imported] = stub();
  const stubbed = vector(functions);
  return {
    runtime: writeModule(replace(sections, new Map([[SECTION.code, stubbed]]))),
    restore(component) {
      let restored = 0;
      const template = withCoreModules(component, (module) => {
        const found = readSections(module);
        if (Buffer.compare(bodyOf(found, SECTION.code), stubbed) !== 0) return module;
        restored += 1;
        return writeModule(replace(found, new Map([[SECTION.code, real]])));
      });
      if (restored !== 1)
        throw new Error(`the runtime was found ${restored} times in the toolchain's component`);
      return template;
    },
  };
}

function stub(): Uint8Array {
  const noted = Array.from({ length: ARGUMENTS_COUNT }, (_, index) => [
    OP.i32Const,
    ARGUMENTS_ADDRESS,
    OP.localGet,
    index,
    OP.i32Store,
    WORD_ALIGNED,
    index * WORD_BYTES,
  ]);
  const body = concat([
    // No locals of its own.
    u32(0),
    Uint8Array.from(noted.flat()),
    Uint8Array.of(OP.i32Const, RESULT_ADDRESS, OP.end),
  ]);
  return concat([u32(body.length), body]);
}

function functionsOf(code: Uint8Array): Uint8Array[] {
  const reader = new SectionReader(code);
  return Array.from({ length: reader.u32() }, () => {
    const start = reader.position;
    reader.take(reader.u32());
    return reader.since(start);
  });
}
