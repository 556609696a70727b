/**
 * The instructions that a function without an entry charge may run through at most, those of its callees included.
 * Whoever calls it pays for them, as if they stood in the caller.
 */
const MAX_FREE_INSTRUCTIONS = 1_024;

/** Of a function in the walk over the graph. */
const NEW = 0;
const OPEN = 1;
const DONE = 2;

/**
 * Direct calls of a module, by which it is decided where functions are charged when they are entered. What runs for long goes round
 * in a circle: in a loop, or in calls. So a charge in every loop and one in every circle of calls are enough. A function
 * is charged when anything but a direct call can enter it (which closes every circle that leaves the module or goes
 * through a table), when a walk along direct calls comes back to it, or when it is long.
 */
export class CallGraph {
  readonly #imported: number;
  readonly #isCharged: Uint8Array;
  /** Of each function, its first call in the two lists below; one more for the end. */
  readonly #firstCall: number[] = [];
  readonly #callees: number[] = [];
  readonly #regions: number[] = [];
  /** Of each function, the edit that is its entry charge. */
  readonly #entries: number[] = [];

  constructor(imported: number, defined: number) {
    this.#imported = imported;
    this.#isCharged = new Uint8Array(defined);
  }

  /** The function can be entered otherwise than by a direct call: it is exported, or there is a reference to it. */
  enterable(index: number): void {
    if (index >= this.#imported) this.#isCharged[index - this.#imported] = 1;
  }

  /** The next function, in the order of their indices. What is noted from now on is its own. */
  begin(entry: number): void {
    this.#firstCall.push(this.#callees.length);
    this.#entries.push(entry);
  }

  /** A direct call in the region of a charge. */
  call(index: number, region: number): void {
    if (index < this.#imported) return;
    this.#callees.push(index - this.#imported);
    this.#regions.push(region);
  }

  isCharged(position: number): boolean {
    return this.#isCharged[position] === 1;
  }

  /**
   * Decides. `instructions` are each region's own, by its charge; answered are those of the callees that it pays for.
   */
  settle(instructions: readonly number[]): Float64Array {
    const carried = new Float64Array(instructions.length);
    const weight = (position: number): number => {
      const entry = this.#entries[position] as number; // of a defined function
      return (instructions[entry] ?? 0) + (carried[entry] ?? 0);
    };
    const { length } = this.#entries;
    this.#firstCall.push(this.#callees.length);
    const states = new Uint8Array(length);
    const next = this.#firstCall.slice(0, length);
    for (let root = 0; root < length; root++) {
      const path = states[root] === NEW ? [root] : [];
      for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
        states[at] = OPEN;
        const callee = this.#nextCallee(at, next, states);
        if (callee !== undefined) {
          path.push(callee);
          continue;
        }
        this.#close(at, carried, weight);
        states[at] = DONE;
        path.pop();
      }
    }
    return carried;
  }

  /** The next function on the walk. One that the walk is in is charged, as it closes a circle. */
  #nextCallee(at: number, next: number[], states: Uint8Array): number | undefined {
    const end = this.#firstCall[at + 1] as number; // there is one more than functions
    for (let call = next[at] as number; call < end; call++) {
      const callee = this.#callees[call] as number; // below the end
      if (states[callee] === OPEN) this.#isCharged[callee] = 1;
      if (states[callee] !== NEW) continue;
      next[at] = call + 1;
      return callee;
    }
    next[at] = end;
    return undefined;
  }

  #close(at: number, carried: Float64Array, weight: (position: number) => number): void {
    const end = this.#firstCall[at + 1] as number; // there is one more than functions
    for (let call = this.#firstCall[at] as number; call < end; call++) {
      const callee = this.#callees[call] as number; // below the end, as is the region
      if (this.isCharged(callee)) continue;
      const region = this.#regions[call] as number;
      carried[region] = (carried[region] ?? 0) + weight(callee);
    }
    if (weight(at) > MAX_FREE_INSTRUCTIONS) this.#isCharged[at] = 1;
  }
}
