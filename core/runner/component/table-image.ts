/** A larger table is not worth an entry-by-entry copy. */
const MAX_KEPT_ELEMENTS = 20_000;

/** The elements of a table at one moment, and the way back to them. */
export class TableImage {
  readonly #table: WebAssembly.Table;
  readonly #elements: readonly unknown[];

  private constructor(table: WebAssembly.Table, elements: readonly unknown[]) {
    this.#table = table;
    this.#elements = elements;
  }

  /** Nothing when the table cannot be put back: it is too large, or holds what JavaScript cannot (exceptions). */
  static of(table: WebAssembly.Table): TableImage | undefined {
    if (table.length > MAX_KEPT_ELEMENTS) return undefined;
    try {
      return new TableImage(
        table,
        Array.from({ length: table.length }, (_, index) => table.get(index)),
      );
    } catch {
      return undefined;
    }
  }

  get grown(): boolean {
    return this.#table.length !== this.#elements.length;
  }

  restore(): void {
    for (const [index, element] of this.#elements.entries()) {
      if (this.#table.get(index) !== element) this.#table.set(index, element);
    }
  }
}
