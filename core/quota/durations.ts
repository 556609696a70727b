/** Durations are counted in classes; the upper bound of each is this many times that of the one before. */
const CLASSES_PER_OCTAVE = 8;
/** Everything up to this is one class: less than what the platform itself takes. */
const FIRST_BOUND_MS = 1 / 16;

/** The class of a duration; the classes up to two minutes are fewer than 170. */
export function durationClass(ms: number): number {
  return Math.max(0, Math.ceil(CLASSES_PER_OCTAVE * Math.log2(ms / FIRST_BOUND_MS)));
}

/**
 * The duration that a share of the calls stayed within, to about 4 %: the middle of its class.
 * @param classes calls by class
 * @returns `undefined` when there were none
 */
export function percentile(classes: ReadonlyMap<number, number>, share: number): number | undefined {
  let total = 0;
  for (const calls of classes.values()) total += calls;
  let before = 0;
  for (const [index, calls] of [...classes].sort(([a], [b]) => a - b)) {
    before += calls;
    if (before >= total * share) return middleOf(index);
  }
  return undefined;
}

function middleOf(index: number): number {
  return FIRST_BOUND_MS * 2 ** ((index - 0.5) / CLASSES_PER_OCTAVE);
}
