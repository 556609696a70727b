/**
 * The part of the WebAssembly JavaScript API that the runner uses. TypeScript declares it in the DOM library only,
 * which the core must not see.
 */
declare namespace WebAssembly {
  type ExportValue = ((...args: never) => unknown) | Global | Memory | Table;
  type Exports = Record<string, ExportValue>;
  type Imports = Record<string, Record<string, unknown>>;

  class Module {
    private readonly brand;
    constructor(bytes: Uint8Array);
    static exports(module: Module): { name: string; kind: string }[];
    static imports(module: Module): { module: string; name: string; kind: string }[];
  }
  class Instance {
    readonly exports: Exports;
    constructor(module: Module, imports?: Imports);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(descriptor: { initial: number; maximum?: number });
    grow(pages: number): number;
  }
  class Table {
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value: unknown): void;
    grow(elements: number): number;
  }
  class Global<Value = unknown> {
    value: Value;
    constructor(descriptor: { value: string; mutable?: boolean }, value?: Value);
  }
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function validate(bytes: Uint8Array): boolean;
  function compile(bytes: Uint8Array): Promise<Module>;
  function promising(fn: object): object;
}
