import { deepFreeze } from "../platform/deep-freeze.ts";

const MAX_REMEMBERED = 1_000;

type Row = Readonly<Record<"id", string>>;

/**
 * What was made of a row, as long as the row says the same: every call reads its tenant and its user, and their JSON
 * hardly ever changes. Nothing can be out of date, because the row is read each time. The answers are frozen.
 */
export function rememberRows<R extends Row, T extends object>(make: (row: R) => T): (row: R) => T {
  const known = new Map<string, { row: R; made: T }>();
  return (row) => {
    const remembered = known.get(row.id);
    if (remembered !== undefined && isSame(remembered.row, row)) return remembered.made;
    const made = deepFreeze(make(row));
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(row.id, { row, made });
    return made;
  };
}

function isSame<R extends object>(a: R, b: R): boolean {
  const values = Object.values(b);
  return Object.values(a).every((value, index) => value === values[index]);
}
