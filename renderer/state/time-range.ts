/** From `since`, inclusive, to `until`, exclusive: ISO 8601. What is absent is open. */
export interface TimeRange {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** A time as a field for local times takes it: `2026-11-22T11:40:00`. */
export function localTimeOf(iso: string | undefined): string {
  const time = new Date(iso ?? "");
  if (Number.isNaN(time.getTime())) return "";
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, "2026-11-22T11:40:00".length);
}

/** What such a field holds as ISO 8601; `undefined` while it is not complete. */
export function isoOfLocalTime(text: string): string | undefined {
  const time = new Date(text);
  return text === "" || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
