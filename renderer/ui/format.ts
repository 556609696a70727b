/** Thin space between groups of digits, no-break space before a unit: a figure never falls apart at a line's end. */
const THIN = "\u2009";
const NO_BREAK = "\u00a0";
const BYTE_UNITS = ["B", "KiB", "MiB", "GiB"] as const;

/** 1912440 → `1 912 440`. */
export function formatCount(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Milliseconds with one decimal below 100, none above. */
export function formatDuration(ms: number): string {
  return `${formatCount(Number(ms.toFixed(ms < 100 ? 1 : 0)))}${NO_BREAK}ms`;
}

/** The same, and below a millisecond whole microseconds: a host call may take thirty. */
export function formatSpan(ms: number): string {
  return ms < 1 ? `${Math.round(ms * 1_000)}${NO_BREAK}µs` : formatDuration(ms);
}

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatCount(Number(value.toFixed(unit === 0 ? 0 : 1)))}${NO_BREAK}${BYTE_UNITS[unit]}`;
}

/** `sha256:8f3a…c41e`: enough to recognise, never enough to verify; the whole hash stays one click away. */
export function shortHash(hash: string): string {
  const [algorithm, hex = ""] = hash.split(":");
  return `${algorithm}:${hex.slice(0, 4)}…${hex.slice(-4)}`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** Local wall-clock time with milliseconds of an ISO 8601 instant. */
export function formatTime(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : `${formatClock(at)}.${pad(new Date(at).getMilliseconds(), 3)}`;
}

/** Local wall-clock time of an instant in milliseconds since the epoch: `14:02:11`, in every locale. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${formatMinute(at)}:${pad(date.getSeconds())}`;
}

/** The same to the minute: `14:02`. */
export function formatMinute(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole days from now (milliseconds since the epoch) until an ISO 8601 instant; negative once it has passed. */
export function daysUntil(iso: string, now: number): number {
  return Math.floor((Date.parse(iso) - now) / DAY_MS);
}

/** Day and time to the minute of an ISO 8601 instant, in the reader's own zone or the one named. */
export function formatMoment(iso: string, timeZone?: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(date);
}
