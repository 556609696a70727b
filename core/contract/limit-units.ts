import type { LimitDefinition, LimitUnit } from "./limit-catalogue.ts";
import { GIB, KIB, MIB } from "./limits.ts";

/** Figures of limits as people write them: `10MiB`, `5s`, `600/min`, `1G`. */

const SI: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KiB: KIB,
  MiB: MIB,
  GiB: GIB,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
};
const TIMES: Readonly<Record<string, number>> = {
  "": 1,
  ms: 1,
  s: 1e3,
  m: 6e4,
  min: 6e4,
  h: 3.6e6,
  d: 8.64e7,
};

interface UnitWords {
  readonly factors: Readonly<Record<string, number>>;
  readonly expected: string;
  /** Largest first; what a figure is written in when it divides it. */
  readonly written: readonly string[];
}

const UNITS: Readonly<Record<LimitUnit, UnitWords>> = {
  ms: { factors: TIMES, expected: "a time such as 500ms, 5s or 2min", written: ["h", "min", "s", "ms"] },
  mib: {
    factors: { "": 1, MiB: 1, GiB: 1_024 },
    expected: "a size in whole mebibytes such as 256MiB or 1GiB",
    written: ["GiB", "MiB"],
  },
  bytes: {
    factors: BYTES,
    expected: "a size such as 64KiB, 10MiB or 500B",
    written: ["GiB", "MiB", "KiB", "B"],
  },
  fuel: { factors: SI, expected: "units of fuel such as 500M or 10G", written: ["T", "G", "M", "k", ""] },
  calls: { factors: SI, expected: "a whole number of calls such as 8 or 10k", written: [""] },
  calls_per_minute: { factors: SI, expected: "a rate such as 600/min or 10/s", written: [""] },
  mib_ms: {
    factors: SI,
    expected: "mebibytes times milliseconds such as 60M (64 MiB for about 15 minutes)",
    written: ["T", "G", "M", "k", ""],
  },
};

/** Calls in one of these are so many a minute. */
const PER: Readonly<Record<string, number>> = {
  s: 60,
  sec: 60,
  second: 60,
  m: 1,
  min: 1,
  minute: 1,
  h: 1 / 60,
};
const PERIOD_WORDS: Readonly<Record<string, readonly string[]>> = {
  minute: ["m", "min", "minute"],
  hour: ["h", "hour"],
  day: ["d", "day"],
  month: ["month"],
};
const FIGURE = /^(\d[\d_]*(?:\.\d+)?(?:e\d{1,2})?) ?([A-Za-z]*)(?:\/([a-z]+))?$/;

export type ParsedLimit = { readonly value: number } | { readonly problem: string };

/** Reads a figure of this limit. A bare number is in the limit's own unit. The problem says what was expected. */
export function parseLimit(definition: LimitDefinition, text: string): ParsedLimit {
  const { expected, factors } = UNITS[definition.unit];
  const bounds = `${formatLimit(definition, definition.minimum)} or more${
    definition.maximum < Number.MAX_SAFE_INTEGER
      ? `, at most ${formatLimit(definition, definition.maximum)}`
      : ""
  }`;
  const problem = { problem: `${definition.name}: expected ${expected}, ${bounds}` };
  const [, figure = "", suffix = "", per] = FIGURE.exec(text.trim()) ?? [];
  const factor = Object.hasOwn(factors, suffix) ? factors[suffix] : undefined;
  const each = perFactor(definition, per);
  if (figure === "" || factor === undefined || each === undefined) return problem;
  // Rounded away is only what floating point adds: 1.1M is 1100000 and 0.5 calls are none.
  const exact = Number(figure.replaceAll("_", "")) * factor * each;
  const value = Math.round(exact);
  const isWhole = Math.abs(exact - value) <= Math.abs(value) * Number.EPSILON * 4;
  if (!isWhole || value < definition.minimum || value > definition.maximum) return problem;
  return { value };
}

function perFactor({ unit, window }: LimitDefinition, per: string | undefined): number | undefined {
  if (per === undefined) return 1;
  if (unit === "calls_per_minute") return Object.hasOwn(PER, per) ? PER[per] : undefined;
  return window !== undefined && PERIOD_WORDS[window.period]?.includes(per) ? 1 : undefined;
}

/** In the largest unit that says it exactly; `parseLimit` reads it back as the same figure. */
export function formatLimit({ unit }: Pick<LimitDefinition, "unit">, value: number): string {
  const { factors, written } = UNITS[unit];
  const fitting = written.find((name) => {
    const factor = factors[name] ?? 1;
    return value >= factor && value % factor === 0;
  });
  const suffix = fitting ?? written.at(-1) ?? "";
  return `${value / (factors[suffix] ?? 1)}${suffix}${unit === "calls_per_minute" ? "/min" : ""}`;
}

/** The same to be read rather than typed: `10 MiB`, `5 s`, with a space that does not break. */
export function limitWords(definition: Pick<LimitDefinition, "unit">, value: number): string {
  return formatLimit(definition, value).replace(/(\d)([A-Za-z])/, "$1\u00a0$2");
}

/** Bytes in the largest unit that says them exactly: `10 MiB`, `203 B`. */
export function bytesText(bytes: number): string {
  return limitWords({ unit: "bytes" }, bytes);
}
