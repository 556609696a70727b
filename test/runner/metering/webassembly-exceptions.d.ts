/** The part of the WebAssembly JavaScript API that only tests use; see `core/runner/webassembly.d.ts`. */
declare namespace WebAssembly {
  class Tag {
    private readonly brand;
  }
  class Exception {
    is(tag: Tag): boolean;
    getArg(tag: Tag, index: number): unknown;
  }
}
