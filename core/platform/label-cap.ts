/** What the values beyond the cap are counted under. */
const OTHER = "other";

/**
 * Keeps the number of a label's values bounded, whoever makes them up: the first `max` stand for themselves, all
 * later ones share one. A time series lives as long as the process, so a value once given is never taken back.
 */
export function createLabelCap(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= max) return OTHER;
    known.add(value);
    return value;
  };
}
