/** One thing wrong with a JSON file that a person wrote, with the place to go and mend it. */
export interface DocumentProblem {
  readonly file?: string;
  /** JSON path: `$`, `$.api.endpoints[1].method`. */
  readonly path: string;
  /** Both from 1; columns in UTF-16 units, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  /** Stable name of the kind of problem. */
  readonly code?: string;
}
