import type { UsagePoint } from "../contract/rpc/quotas.ts";
import type { Clock } from "../platform/clock.ts";
import { durationClass, percentile } from "./durations.ts";
import type { EndedCall } from "./usage-ledger.ts";
import type { UsageOwner } from "./usage-rows.ts";

/** Seconds that are kept of each install. */
export const LIVE_SECONDS = 3_600;
/** Installs of which seconds are kept; the one that was quiet longest goes first. */
const MAX_INSTALLS = 500;
const SECOND_MS = 1_000;

export interface UsageFilter {
  readonly tenant_id?: string | undefined;
  readonly registry_id?: string | undefined;
  readonly install_id?: string | undefined;
}

interface Second {
  calls: number;
  errors: number;
  refused: number;
  peakInFlight: number;
  /** Calls that still ran when it last changed: they run on through seconds in which nothing begins or ends. */
  inFlight: number;
  peakMemory: number;
  peakFuel: number;
  egress: number;
  readonly durations: Map<number, number>;
}

interface Track {
  readonly owner: UsageOwner;
  inFlight: number;
  /** By Unix time in seconds, in the order in which they were first seen. */
  readonly seconds: Map<number, Second>;
}

export interface LiveUsage {
  began(install: UsageOwner): void;
  ended(call: EndedCall): void;
  refused(install: UsageOwner): void;
  /** One point for each step from `from` on that lies before `until` whole, in Unix seconds. */
  points(filter: UsageFilter, from: number, until: number, step: number): UsagePoint[];
}

/** The last hour, second by second, in memory: what the window draws. It starts empty with the process. */
export function createLiveUsage({ clock }: { clock: Clock }): LiveUsage {
  /** In the order of last use. */
  const tracks = new Map<string, Track>();

  function track(owner: UsageOwner): Track {
    const { tenant_id, registry_id, install_id } = owner;
    const known = tracks.get(install_id) ?? {
      owner: { tenant_id, registry_id, install_id },
      inFlight: 0,
      seconds: new Map<number, Second>(),
    };
    tracks.delete(install_id);
    tracks.set(install_id, known);
    if (tracks.size > MAX_INSTALLS) forgetQuietest();
    return known;
  }

  function forgetQuietest(): void {
    for (const [id, { inFlight }] of tracks) {
      if (inFlight > 0) continue;
      tracks.delete(id);
      return;
    }
  }

  function now(): number {
    return Math.floor(clock.now().getTime() / SECOND_MS);
  }

  function second({ seconds, inFlight }: Track): Second {
    const at = now();
    const known = seconds.get(at);
    if (known !== undefined) return known;
    const fresh: Second = {
      calls: 0,
      errors: 0,
      refused: 0,
      peakInFlight: inFlight,
      inFlight,
      peakMemory: 0,
      peakFuel: 0,
      egress: 0,
      durations: new Map(),
    };
    seconds.set(at, fresh);
    if (seconds.size > LIVE_SECONDS) {
      const [oldest] = seconds.keys();
      if (oldest !== undefined) seconds.delete(oldest);
    }
    return fresh;
  }

  return {
    began(install) {
      const of = track(install);
      const bucket = second(of);
      of.inFlight += 1;
      bucket.calls += 1;
      bucket.inFlight = of.inFlight;
      bucket.peakInFlight = Math.max(bucket.peakInFlight, of.inFlight);
    },
    ended({ install, usage, failed }) {
      const of = track(install);
      const bucket = second(of);
      of.inFlight = Math.max(0, of.inFlight - 1);
      bucket.inFlight = of.inFlight;
      if (failed) bucket.errors += 1;
      bucket.peakMemory = Math.max(bucket.peakMemory, usage.memory_bytes);
      bucket.peakFuel = Math.max(bucket.peakFuel, usage.fuel);
      bucket.egress += usage.egress_bytes;
      count(bucket.durations, durationClass(usage.duration_ms), 1);
    },
    refused(install) {
      second(track(install)).refused += 1;
    },
    points(filter, from, until, step) {
      const first = Math.ceil(from / step) * step;
      const matching = [...tracks.values()]
        .filter(({ owner }) => accepts(filter, owner))
        .map(({ seconds }) => ({ seconds, running: runningBefore(seconds, first) }));
      const points: UsagePoint[] = [];
      for (let at = first; at + step <= until; at += step) points.push(pointOf(matching, at, step));
      return points;
    },
  };
}

/** A track on which points are read from left to right. */
interface Reading {
  readonly seconds: ReadonlyMap<number, Second>;
  /** Calls that ran when the last second ended. */
  running: number;
}

function runningBefore(seconds: ReadonlyMap<number, Second>, first: number): number {
  let [newest, running] = [Number.NEGATIVE_INFINITY, 0];
  for (const [at, { inFlight }] of seconds) {
    if (at < first && at > newest) [newest, running] = [at, inFlight];
  }
  return running;
}

function accepts({ tenant_id, registry_id, install_id }: UsageFilter, owner: UsageOwner): boolean {
  return (
    (tenant_id === undefined || owner.tenant_id === tenant_id) &&
    (registry_id === undefined || owner.registry_id === registry_id) &&
    (install_id === undefined || owner.install_id === install_id)
  );
}

function pointOf(tracks: readonly Reading[], at: number, step: number): UsagePoint {
  const sum = { calls: 0, errors: 0, refused: 0, egress_bytes: 0 };
  const peak = { memory_bytes: 0, fuel: 0 };
  let concurrency = 0;
  const durations = new Map<number, number>();
  for (const track of tracks) {
    let peakInFlight = track.running;
    for (let second = at; second < at + step; second += 1) {
      const bucket = track.seconds.get(second);
      if (bucket === undefined) continue;
      track.running = bucket.inFlight;
      sum.calls += bucket.calls;
      sum.errors += bucket.errors;
      sum.refused += bucket.refused;
      sum.egress_bytes += bucket.egress;
      peak.memory_bytes = Math.max(peak.memory_bytes, bucket.peakMemory);
      peak.fuel = Math.max(peak.fuel, bucket.peakFuel);
      peakInFlight = Math.max(peakInFlight, bucket.peakInFlight);
      for (const [index, calls] of bucket.durations) count(durations, index, calls);
    }
    concurrency += peakInFlight;
  }
  return { at, ...sum, ...peak, concurrency, ...percentiles(durations) };
}

export function percentiles(durations: ReadonlyMap<number, number>): Pick<UsagePoint, "p50_ms" | "p95_ms"> {
  const [p50, p95] = [percentile(durations, 0.5), percentile(durations, 0.95)];
  return p50 === undefined || p95 === undefined ? {} : { p50_ms: p50, p95_ms: p95 };
}

function count(classes: Map<number, number>, index: number, calls: number): void {
  classes.set(index, (classes.get(index) ?? 0) + calls);
}
