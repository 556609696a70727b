import { readImports } from "./module-imports.ts";
import {
  concat,
  named,
  readSections,
  SECTION,
  type Section,
  SectionReader,
  signed,
  text,
  u32,
  vector,
  writeModule,
} from "./wasm-sections.ts";

/**
 * Pre-initialisation of a core module: run its initialiser once, then write a module that starts in the state
 * reached. The toolchain's own tool for this feeds the initialiser the machine's clock and entropy, which end up
 * in the component: two builds of one source then differ. Here the caller decides what the initialiser sees.
 */
export interface InitialisedModule {
  /** The module to run: every mutable global is exported under `globalName`. */
  readonly instrumented: Uint8Array;
  /**
   * The module as it is after the run of `instance`, its memory included where it defines one. `dropped` exports are
   * left out.
   */
  capture(instance: WebAssembly.Instance, dropped?: readonly string[]): Uint8Array;
}

const PAGE_BYTES = 65_536;
/** Zero bytes between two data segments; shorter gaps are cheaper to store than a segment's header. */
const MIN_GAP_BYTES = 32;
const VALUE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
const CONST = { i32: 0x41, i64: 0x42, f32: 0x43, f64: 0x44 } as const;
/** Sums of constants, as relocatable modules use them; they have no operands of their own. */
const ARITHMETIC = new Set([0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e]);
const END = 0x0b;
/** Kinds of imports and exports. */
const FUNCTION = 0x00;
const GLOBAL = 0x03;

const globalName = (index: number) => `workbench:global:${index}`;

interface Global {
  readonly type: number;
  readonly mutable: boolean;
  readonly bytes: Uint8Array;
}

export function prepareInitialisation(module: Uint8Array): InitialisedModule {
  const sections = readSections(module);
  const globals = readGlobals(bodyOf(sections, SECTION.global));
  const exports = readExports(bodyOf(sections, SECTION.export));
  const ownsMemory = sections.some(({ id }) => id === SECTION.memory);
  if (ownsMemory) requireSupported(sections);
  const imported = readImports(bodyOf(sections, SECTION.import)).filter(({ kind }) => kind === GLOBAL).length;
  const mutable = globals.flatMap((global, index) => (global.mutable ? [imported + index] : []));
  const instrumentedExports = vector([
    ...exports.map((entry) => entry.bytes),
    ...mutable.map((index) => concat([named(globalName(index)), Uint8Array.of(GLOBAL), u32(index)])),
  ]);
  return {
    instrumented: writeModule(replace(sections, new Map([[SECTION.export, instrumentedExports]]))),
    capture(instance, dropped = []) {
      const kept = exports.filter((entry) => !dropped.includes(entry.name)).map((entry) => entry.bytes);
      return writeModule(
        replace(
          sections.filter(({ id }) => id !== SECTION.start && !(ownsMemory && id === SECTION.dataCount)),
          new Map([
            ...(ownsMemory ? memorySections(sections, instance) : []),
            [
              SECTION.global,
              vector(
                globals.map((global, index) =>
                  global.mutable ? captured(global, imported + index, instance) : global.bytes,
                ),
              ),
            ],
            [SECTION.export, vector(kept)],
          ]),
        ),
      );
    },
  };
}

function memorySections(
  sections: readonly Section[],
  instance: WebAssembly.Instance,
): [number, Uint8Array][] {
  const memory = instance.exports["memory"];
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("the module exports no memory");
  const bytes = new Uint8Array(memory.buffer);
  const size = memorySection(bodyOf(sections, SECTION.memory), bytes.length / PAGE_BYTES);
  return [
    [SECTION.memory, size],
    [SECTION.data, vector(dataSegments(bytes))],
  ];
}

function captured(global: Global, index: number, instance: WebAssembly.Instance): Uint8Array {
  const held = instance.exports[globalName(index)];
  const value: unknown = held instanceof WebAssembly.Global ? held.value : undefined;
  return concat([Uint8Array.of(global.type, 0x01), constant(global.type, value), Uint8Array.of(END)]);
}

function constant(type: number, value: unknown): Uint8Array {
  if (type === VALUE.i32 && typeof value === "number") {
    return concat([Uint8Array.of(CONST.i32), signed(BigInt(value | 0))]);
  }
  if (type === VALUE.i64 && typeof value === "bigint") {
    return concat([Uint8Array.of(CONST.i64), signed(BigInt.asIntN(64, value))]);
  }
  if (type === VALUE.f32 && typeof value === "number") {
    return concat([Uint8Array.of(CONST.f32), new Uint8Array(Float32Array.of(value).buffer)]);
  }
  if (type === VALUE.f64 && typeof value === "number") {
    return concat([Uint8Array.of(CONST.f64), new Uint8Array(Float64Array.of(value).buffer)]);
  }
  throw new Error(`a mutable global of type 0x${type.toString(16)} cannot be captured`);
}

/** One active segment for each stretch of memory that is not all zero. */
function dataSegments(memory: Uint8Array): Uint8Array[] {
  const segments: Uint8Array[] = [];
  let end = 0;
  for (let start = nextNonZero(memory, 0); start < memory.length; start = nextNonZero(memory, end)) {
    end = start + 1;
    for (let next = nextNonZero(memory, end); next - end < MIN_GAP_BYTES && next < memory.length; ) {
      end = next + 1;
      next = nextNonZero(memory, end);
    }
    const offset = concat([Uint8Array.of(CONST.i32), signed(BigInt(start | 0)), Uint8Array.of(END)]);
    segments.push(concat([Uint8Array.of(0x00), offset, u32(end - start), memory.subarray(start, end)]));
  }
  return segments;
}

function nextNonZero(memory: Uint8Array, from: number): number {
  let at = from;
  while (at < memory.length && memory[at] === 0) at += 1;
  return at;
}

function memorySection(body: Uint8Array, pages: number): Uint8Array {
  const reader = new SectionReader(body);
  if (reader.u32() !== 1) throw new Error("a module with one memory was expected");
  const flags = reader.byte();
  reader.u32();
  return concat([u32(1), Uint8Array.of(flags), u32(pages), reader.take(body.length - reader.position)]);
}

function readGlobals(body: Uint8Array): Global[] {
  const reader = new SectionReader(body);
  return Array.from({ length: reader.u32() }, () => {
    const start = reader.position;
    const type = reader.byte();
    const mutable = reader.byte() === 1;
    skipConstant(reader);
    return { type, mutable, bytes: reader.since(start) };
  });
}

function skipConstant(reader: SectionReader): void {
  for (let opcode = reader.byte(); opcode !== END; opcode = reader.byte()) {
    if (opcode === CONST.f32) reader.take(4);
    else if (opcode === CONST.f64) reader.take(8);
    else if (
      opcode === CONST.i32 ||
      opcode === CONST.i64 ||
      opcode === 0x23 ||
      opcode === 0xd2 ||
      opcode === 0xd0
    ) {
      reader.skipLeb();
    } else if (!ARITHMETIC.has(opcode))
      throw new Error(`unknown constant instruction 0x${opcode.toString(16)}`);
  }
}

/** The number of the function that a module exports under this name. */
export function exportedFunction(sections: readonly Section[], name: string): number | undefined {
  const found = readExports(bodyOf(sections, SECTION.export)).find(
    (entry) => entry.name === name && entry.kind === FUNCTION,
  );
  return found?.index;
}

function readExports(body: Uint8Array): { name: string; kind: number; index: number; bytes: Uint8Array }[] {
  const reader = new SectionReader(body);
  return Array.from({ length: reader.u32() }, () => {
    const start = reader.position;
    const name = text(reader);
    const kind = reader.byte();
    const index = reader.u32();
    return { name, kind, index, bytes: reader.since(start) };
  });
}

/** Passive segments are addressed by number from code, which stays as it is: they could not be replaced. */
function requireSupported(sections: readonly Section[]): void {
  const reader = new SectionReader(bodyOf(sections, SECTION.data));
  for (let left = reader.u32(); left > 0; left -= 1) {
    if (reader.byte() !== 0) throw new Error("only active data segments of memory 0 can be captured");
    skipConstant(reader);
    reader.take(reader.u32());
  }
}

export function bodyOf(sections: readonly Section[], id: number): Uint8Array {
  return sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0);
}

export function replace(sections: readonly Section[], bodies: ReadonlyMap<number, Uint8Array>): Section[] {
  return sections.map((section) => ({ id: section.id, body: bodies.get(section.id) ?? section.body }));
}
