import type { LogEvent, LogLevel } from "../../../core/contract/log-event.ts";
import type { TimeRange } from "../time-range.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Fields that a term such as `request:8f3a` looks into. */
export const LOG_FIELDS = [
  "level",
  "stream",
  "request",
  "extension",
  "install",
  "tenant",
  "version",
  "hash",
] as const;
type LogField = (typeof LOG_FIELDS)[number];

export interface LogFilterChoice {
  readonly minLevel: LogLevel;
  /** Words, `"phrases"` and `field:value` terms; all must hold, `-` in front turns one around. */
  readonly text: string;
  readonly range?: TimeRange;
}

type Test = (event: LogEvent) => boolean;

/** @param nameOf what an extension is called whose id a line carries */
export function logFilter(choice: LogFilterChoice, nameOf: (extensionId: string) => string): Test {
  const lowest = LEVELS.indexOf(choice.minLevel);
  const tests = termsOf(choice.text).map((term) => testOf(term, nameOf));
  const { since, until } = choice.range ?? {};
  // Times of lines are all written alike, in UTC with milliseconds: they compare as texts.
  if (since !== undefined) tests.push((event) => event.ts >= since);
  if (until !== undefined) tests.push((event) => event.ts < until);
  if (lowest === 0 && tests.length === 0) return () => true;
  return (event) => LEVELS.indexOf(event.level) >= lowest && tests.every((test) => test(event));
}

function termsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/-?(?:[a-z]+:)?(?:"[^"]*"?|[^\s"]+)/g) ?? [];
}

function testOf(term: string, nameOf: (extensionId: string) => string): Test {
  if (term.startsWith("-") && term.length > 1) {
    const test = testOf(term.slice(1), nameOf);
    return (event) => !test(event);
  }
  const colon = term.indexOf(":");
  const field = LOG_FIELDS.find((name) => name === term.slice(0, colon));
  const wanted = (field === undefined ? term : term.slice(colon + 1)).replaceAll('"', "");
  if (field === undefined) return (event) => event.message.toLowerCase().includes(wanted);
  return (event) => fieldOf(event, field, nameOf).toLowerCase().includes(wanted);
}

function fieldOf(event: LogEvent, field: LogField, nameOf: (extensionId: string) => string): string {
  switch (field) {
    case "level":
    case "stream":
      return event[field];
    case "request":
      return event.request_id;
    case "extension":
      return `${nameOf(event.extension_id)} ${event.extension_id}`;
    case "install":
      return event.install_id;
    case "tenant":
      return event.tenant_id;
    case "version":
      return event.version_id;
    case "hash":
      return event.content_hash;
  }
}
