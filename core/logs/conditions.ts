/** Parts of a WHERE clause with their values; text never becomes SQL. */
export class Conditions {
  readonly #clauses: string[] = [];
  readonly #values: (string | number)[] = [];

  /** Adds `clause`, one `?` for each value. */
  add(clause: string, ...values: (string | number)[]): void {
    this.#clauses.push(`(${clause})`);
    this.#values.push(...values);
  }

  /**
   * Any of the columns contains `text`, without case; or the column of `prefixed`, if one is given, begins with it.
   */
  addText(columns: readonly string[], text: string, prefixed?: string): void {
    const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
    const clauses = columns.map((column) => `${column} LIKE ? ESCAPE '\\'`);
    if (prefixed !== undefined) clauses.push(`(${prefixed} >= ? AND ${prefixed} < ?)`);
    this.add(
      clauses.join(" OR "),
      ...columns.map(() => pattern),
      ...(prefixed === undefined ? [] : [text, afterPrefix(text)]),
    );
  }

  get where(): string {
    return this.#clauses.length === 0 ? "" : `WHERE ${this.#clauses.join(" AND ")}`;
  }

  get values(): readonly (string | number)[] {
    return this.#values;
  }
}

/** After every text that begins with `prefix`. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\uffff`;
}

/** Stored times are UTC with milliseconds and compare as text; a filter may come with any offset. */
export function storedTime(time: string): string {
  return new Date(time).toISOString();
}
