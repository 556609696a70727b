import type { ErrorKind } from "../contract/errors.ts";

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_REFUSED = 3;
export const EXIT_ENVIRONMENT = 4;

const BY_KIND: Record<ErrorKind, number> = {
  user: EXIT_FAILED,
  system: EXIT_FAILED,
  refused: EXIT_REFUSED,
  environment: EXIT_ENVIRONMENT,
};

export function exitCodeOf(kind: ErrorKind): number {
  return BY_KIND[kind];
}
