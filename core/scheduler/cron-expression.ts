import { Cron, CronPattern } from "croner";
import cronstrue from "cronstrue";
import { MIN_SCHEDULE_INTERVAL_MINUTES } from "../contract/schedule.ts";

const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
const MAX_CRON_CHARACTERS = 256;
const MAX_TIMEZONE_CHARACTERS = 64;

/** Figures, lists, ranges and steps. What single implementations add (`L`, `W`, `#`, `?`, `@daily`) is refused. */
const FIGURES = /^[\d*,/-]+$/;
const MONTHS = /^(?:[\d*,/-]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)+$/i;
const WEEKDAYS = /^(?:[\d*,/-]|SUN|MON|TUE|WED|THU|FRI|SAT)+$/i;
const FIELDS = [
  ["minute", FIGURES],
  ["hour", FIGURES],
  ["day of month", FIGURES],
  ["month", MONTHS],
  ["day of week", WEEKDAYS],
] as const;

/** IANA names only: an offset such as `+02:00` would not follow the zone's changes. */
const ZONE = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*$/;

/** One space between fields. */
export function normaliseCron(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

/** What is wrong with a normalised expression, in words; `undefined`: nothing. */
export function cronFault(expression: string): string | undefined {
  const fields = expression.split(" ");
  if (expression.length > MAX_CRON_CHARACTERS || fields.length !== FIELDS.length) {
    return "expected five fields: minute, hour, day of month, month, day of week";
  }
  for (const [index, [name, allowed]] of FIELDS.entries()) {
    if (!allowed.test(fields[index] ?? "")) return `the ${name} is not a figure, list, range or step`;
  }
  if (fields[2] !== "*" && fields[4] !== "*") {
    return "day of month and day of week cannot be used together: leave one of them *";
  }
  const pattern = parsed(expression);
  if (typeof pattern === "string") return pattern;
  const gap = smallestGap(pattern);
  if (gap < MIN_SCHEDULE_INTERVAL_MINUTES) {
    return `runs would be ${gap} ${gap === 1 ? "minute" : "minutes"} apart, at least ${MIN_SCHEDULE_INTERVAL_MINUTES} are needed`;
  }
  if (nextOccurrence(expression, "UTC", new Date(0)) === undefined) return "there is no such date";
  return undefined;
}

export function timezoneFault(name: string): string | undefined {
  const expected = "expected the name of a time zone, such as UTC or Europe/Berlin";
  if (name.length > MAX_TIMEZONE_CHARACTERS || !ZONE.test(name)) return expected;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return undefined;
  } catch {
    return expected;
  }
}

/**
 * The first occurrence after a moment. A time of day that a zone skips in spring runs when the clock has been put
 * forward; one that comes twice in autumn runs the first time. `*`, lists and steps of hours or minutes follow the
 * clock instead: what is skipped is skipped, and the repeated hour runs twice.
 */
export function nextOccurrence(expression: string, timezone: string, after: Date): Date | undefined {
  return nextOccurrences(expression, timezone, after, 1)[0];
}

export function nextOccurrences(expression: string, timezone: string, after: Date, count: number): Date[] {
  return new Cron(expression, { timezone, mode: "5-part", paused: true }).nextRuns(count, after);
}

/** `30 9 * * 1-5` → `At 09:30, Monday through Friday`. */
export function describeCron(expression: string): string {
  return cronstrue.toString(expression, { use24HourTimeFormat: true, throwExceptionOnParseError: false });
}

function parsed(expression: string): CronPattern | string {
  try {
    return new CronPattern(expression, undefined, { mode: "5-part" });
  } catch (error) {
    // The library's words, which name the field; its prefixes mean nothing to the reader.
    const message = error instanceof Error ? error.message : "";
    return message.replace(/^CronPattern: /, "") || "the expression cannot be read";
  }
}

/** Minutes between the two closest runs, as if every day were one of them. */
function smallestGap({ minute, hour }: CronPattern): number {
  const minutes = minute.flatMap((isSet, index) => (isSet ? [index] : []));
  const hours = hour.flatMap((isSet, index) => (isSet ? [index] : []));
  const first = minutes[0] ?? 0;
  const last = minutes.at(-1) ?? 0;
  const withinHour = minutes.slice(1).map((value, index) => value - (minutes[index] ?? 0));
  const betweenHours = hours.map((value, index) => {
    const following = hours[index + 1] ?? (hours[0] ?? 0) + HOURS_PER_DAY;
    return (following - value) * MINUTES_PER_HOUR - last + first;
  });
  return Math.min(...withinHour, ...betweenHours);
}
