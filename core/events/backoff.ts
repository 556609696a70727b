const FIRST_DELAY_MS = 2_000;
const FACTOR = 3;
/** The random part of each delay, so that what failed together does not come back together. */
const JITTER = 0.5;

/**
 * How long to wait after an attempt that failed: 2, 6, 18, 54, 162 seconds, each shortened by up to a half.
 * @param attempt the one that failed, from 1
 * @param random from 0 to 1
 */
export function retryDelayMs(attempt: number, random: number): number {
  const whole = FIRST_DELAY_MS * FACTOR ** (attempt - 1);
  return Math.round(whole * (1 - JITTER * random));
}
