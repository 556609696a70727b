import type { Usage } from "../contract/execute.ts";
import { WINDOW_PERIODS, type WindowPeriod } from "../contract/limit-catalogue.ts";
import { MIB } from "../contract/limits.ts";
import type { LimitScope } from "../policy/index.ts";
import type { Database } from "../store/index.ts";
import { durationClass } from "./durations.ts";
import {
  createUsageRows,
  type DurationAddition,
  SUMMED,
  UNUSED,
  type UsageAddition,
  type UsageOwner,
  type WindowUsage,
} from "./usage-rows.ts";
import { createWindows, type Window } from "./window.ts";

/** What has been used is written this long after, together with what comes meanwhile. A kill loses so much, no more. */
const WRITE_AFTER_MS = 50;
/** Windows that are remembered; beyond that all are read again. */
const MAX_REMEMBERED = 10_000;

export interface EndedCall {
  readonly install: UsageOwner;
  /** When it began: its windows are those. */
  readonly at: Date;
  readonly usage: Usage;
  readonly failed: boolean;
  /** Calls of the install that ran when it began, itself included. */
  readonly inFlight: number;
}

interface ScopeId {
  readonly scope: LimitScope;
  readonly id: string;
}

export interface UsageLedger {
  /** Adds one call to the windows of `at`. Counts at once in this process, soon in the database. */
  record(call: EndedCall): void;
  /** Counts a call that was turned away. */
  refused(install: UsageOwner, at: Date): void;
  /** The scope's usage in the window of `at`, to be read at once: it grows with what is recorded. */
  window(of: ScopeId, period: WindowPeriod, at: Date): Window & { readonly usage: WindowUsage };
  /** Writes what is not written yet. @throws what the database throws; it is then kept for the next time */
  flush(): void;
  /** Removes old windows. @returns how many */
  prune(now: Date): number;
}

export interface UsageLedgerOptions {
  readonly database: Database;
  /** What could not be written is kept and tried again with the next call. */
  onError?(error: unknown): void;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Kept in the database, so that a restart or a second process starts from what was used. */
export function createUsageLedger({ database, onError = () => {} }: UsageLedgerOptions): UsageLedger {
  const rows = createUsageRows(database);
  const windows = createWindows();
  const pending = new Map<string, Mutable<UsageAddition>>();
  const durations = new Map<string, Mutable<DurationAddition>>();
  /** By scope, id and period: what the database and `pending` say together. */
  const remembered = new Map<string, { start: string; usage: Mutable<WindowUsage> }>();
  let seen: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function add(addition: UsageAddition): void {
    const key = `${addition.install_id} ${addition.kind} ${addition.start}`;
    const waiting = pending.get(key);
    if (waiting === undefined) pending.set(key, { ...addition });
    else {
      for (const name of SUMMED) waiting[name] += addition[name];
      for (const name of PEAKS) waiting[name] = Math.max(waiting[name], addition[name]);
    }
    for (const [scope, id] of scopesOf(addition)) {
      const known = remembered.get(keyOf(scope, id, addition.kind));
      if (known?.start !== addition.start) continue;
      for (const name of SUMMED) known.usage[name] += addition[name];
    }
    timer ??= setTimeout(writeLater, WRITE_AFTER_MS).unref();
  }

  function writeLater(): void {
    try {
      flush();
    } catch (error) {
      onError(error);
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending.size === 0) return;
    rows.add(pending.values(), durations.values());
    pending.clear();
    durations.clear();
  }

  /** Another process adds to the same windows. */
  function forgetWhatOthersChanged(): void {
    const now = rows.revision();
    if (now !== seen || remembered.size > MAX_REMEMBERED) remembered.clear();
    seen = now;
  }

  function read(scope: LimitScope, id: string, period: WindowPeriod, start: string): Mutable<WindowUsage> {
    const usage: Mutable<WindowUsage> = { ...rows.window(scope, id, period, start) };
    for (const waiting of pending.values()) {
      if (waiting.kind !== period || waiting.start !== start) continue;
      if (!scopesOf(waiting).some(([of, whose]) => of === scope && whose === id)) continue;
      for (const name of SUMMED) usage[name] += waiting[name];
    }
    return usage;
  }

  return {
    record({ install, at, usage, failed, inFlight }) {
      const { install_id } = install;
      const additions = {
        ...ownerOf(install),
        invocations: 1,
        errors: failed ? 1 : 0,
        refused: 0,
        duration_ms: usage.duration_ms,
        cpu_ms: cpuMs(usage),
        memory_ms: (usage.memory_bytes / MIB) * usage.duration_ms,
        fuel: usage.fuel,
        egress_bytes: usage.egress_bytes,
        peak_in_flight: inFlight,
        peak_memory_bytes: usage.memory_bytes,
        peak_fuel: usage.fuel,
      };
      for (const kind of WINDOW_PERIODS) add({ ...additions, kind, start: windows.of(kind, at).start });
      const index = durationClass(usage.duration_ms);
      const { start } = windows.of("minute", at);
      const key = `${install_id} ${start} ${index}`;
      const counted = durations.get(key);
      if (counted === undefined) {
        durations.set(key, { install_id, start, class: index, calls: 1 });
      } else counted.calls += 1;
    },
    refused(install, at) {
      // No quota is judged by it.
      const none = { ...UNUSED, peak_in_flight: 0, peak_memory_bytes: 0, peak_fuel: 0 };
      for (const kind of WINDOW_PERIODS)
        add({ ...none, ...ownerOf(install), refused: 1, kind, start: windows.of(kind, at).start });
    },
    window({ scope, id }, period, at) {
      forgetWhatOthersChanged();
      const window = windows.of(period, at);
      const key = keyOf(scope, id, period);
      const known = remembered.get(key);
      if (known?.start === window.start) return { ...window, usage: known.usage };
      const usage = read(scope, id, period, window.start);
      // Two of one scope and period are never in use for long: the clock is in one window.
      remembered.set(key, { start: window.start, usage });
      return { ...window, usage };
    },
    flush,
    prune(now) {
      flush();
      return rows.prune(now);
    },
  };
}

const PEAKS = ["peak_in_flight", "peak_memory_bytes", "peak_fuel"] as const;

function scopesOf(owner: UsageOwner): readonly (readonly [LimitScope, string])[] {
  return [
    ["install", owner.install_id],
    ["extension", owner.registry_id],
    ["tenant", owner.tenant_id],
  ];
}

function keyOf(scope: LimitScope, id: string, period: WindowPeriod): string {
  return `${scope}:${id}:${period}`;
}

/** The guest's own time. A runner that does not tell it apart is charged the time that the call took. */
function cpuMs({ guest_ms, duration_ms }: Usage): number {
  return guest_ms ?? duration_ms;
}

function ownerOf({ tenant_id, registry_id, install_id }: UsageOwner): UsageOwner {
  return { tenant_id, registry_id, install_id };
}
