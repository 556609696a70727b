/** What to write instead of the bytes from `start` to `end` (an insertion when they are equal). */
export const CHARGE = 0;
export const GLOBAL_INDEX = 1;
export const CALL = 2;
/** A charge at a function's entry. */
export const ENTRY_CHARGE = 3;

/** An entry that needs none. */
export const NO_CHARGE = 4;
/** A `return`; its value is how many blocks are open. */
export const RETURN = 5;
/** A call that ends the function. */
export const TAIL_CALL = 6;

/** Edits of one expression, or of all bodies, in ascending order. Plain number arrays: a module has many of them. */
export class EditList {
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly kinds: number[] = [];
  /** Instructions and then the cost of a charge, new index of a global, helper of a call. */
  readonly values: number[] = [];
  length = 0;

  add(kind: number, start: number, end: number, value: number): number {
    const index = this.length++;
    this.kinds[index] = kind;
    this.starts[index] = start;
    this.ends[index] = end;
    this.values[index] = value;
    return index;
  }

  clear(): void {
    this.length = 0;
  }
}
