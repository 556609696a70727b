/** Parts of a WHERE clause with their values; text never becomes SQL. */
export class Conditions {
  readonly #clauses: string[] = [];
  readonly #values: (string | number)[] = [];

  /** Adds `clause`, one `?` for each value. */
  add(clause: string, ...values: (string | number)[]): void {
    this.#clauses.push(`(${clause})`);
    this.#values.push(...values);
  }

  /** `column` as any of the given ones contains `text`, without case. */
  addText(columns: readonly string[], text: string): void {
    const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
    const clause = columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(" OR ");
    this.add(clause, ...columns.map(() => pattern));
  }

  get where(): string {
    return this.#clauses.length === 0 ? "" : `WHERE ${this.#clauses.join(" AND ")}`;
  }

  get values(): readonly (string | number)[] {
    return this.#values;
  }
}

/** Stored times are UTC with milliseconds and compare as text; a filter may come with any offset. */
export function storedTime(time: string): string {
  return new Date(time).toISOString();
}
