import type { UsageEvent, UsagePoint } from "../../../core/contract/rpc/quotas.ts";
import type { StreamState } from "../../event-stream.ts";
import { createStore, type Readable } from "../store.ts";
import type { Timers } from "../timers.ts";

/** Who asked for little motion sees the charts move this often. */
export const CALM_MS = 5_000;

export interface UsageSeriesState {
  /** Oldest first, one a step without gaps from the first on. */
  readonly points: readonly UsagePoint[];
  readonly stepSeconds: number;
  readonly rangeSeconds: number;
  /** Unix seconds since which the host keeps seconds; `undefined` before the first event. */
  readonly since: number | undefined;
  readonly paused: boolean;
  /** Steps that came while it was paused. */
  readonly waiting: number;
  readonly connection: StreamState;
}

export interface UsageSeries extends Readable<UsageSeriesState> {
  pause(): void;
  resume(): void;
  /** Follows until the answer is called. */
  start(): () => void;
}

export interface UsageSeriesOptions {
  follow(handlers: {
    readonly onEvent: (event: UsageEvent) => void;
    readonly onState: (state: StreamState) => void;
  }): () => void;
  readonly timers: Timers;
  /** Whether little motion is asked for. */
  isCalm(): boolean;
}

/** The usage of one target over one range, as the charts draw it. */
export function createUsageSeries({ follow, timers, isCalm }: UsageSeriesOptions): UsageSeries {
  const store = createStore<UsageSeriesState>({
    points: [],
    stepSeconds: 1,
    rangeSeconds: 300,
    since: undefined,
    paused: false,
    waiting: 0,
    connection: "connecting",
  });
  /** What has come and is not shown yet. */
  let held: UsageSeriesState | undefined;
  let cancelShow: (() => void) | undefined;

  const show = (): void => {
    cancelShow?.();
    cancelShow = undefined;
    if (held === undefined) return;
    const { paused, connection } = store.get();
    store.set({ ...held, paused, connection, waiting: 0 });
    held = undefined;
  };

  const receive = (event: UsageEvent): void => {
    const current = held ?? store.get();
    const points = event.is_first ? event.points : [...current.points, ...event.points];
    const from = (points.at(-1)?.at ?? 0) - event.range_seconds;
    held = {
      ...current,
      points: points.filter(({ at }) => at > from),
      stepSeconds: event.step_seconds,
      rangeSeconds: event.range_seconds,
      since: event.since,
    };
    if (store.get().paused) {
      store.update((state) => ({ ...state, waiting: state.waiting + event.points.length }));
    } else if (!isCalm() || event.is_first) show();
    else cancelShow ??= timers.after(CALM_MS, show);
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    pause() {
      cancelShow?.();
      cancelShow = undefined;
      store.update((state) => ({ ...state, paused: true }));
    },
    resume() {
      store.update((state) => ({ ...state, paused: false, waiting: 0 }));
      show();
    },
    start() {
      const stop = follow({
        onEvent: receive,
        onState: (connection) => store.update((state) => ({ ...state, connection })),
      });
      return () => {
        stop();
        cancelShow?.();
      };
    },
  };
}

/** Sums over the minute that ends with each point: what a limit a minute is compared with. */
export function overAMinute(points: readonly UsagePoint[], of: (point: UsagePoint) => number): number[] {
  let sum = 0;
  let oldest = 0;
  return points.map((point) => {
    sum += of(point);
    for (let first = points[oldest]; first && first.at <= point.at - 60; first = points[oldest]) {
      sum -= of(first);
      oldest += 1;
    }
    return sum;
  });
}
