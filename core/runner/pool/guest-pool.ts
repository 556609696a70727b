import { MIB } from "../../contract/limits.ts";
import type { RunnerGauges } from "../../contract/runner-health.ts";
import type { GuestRun } from "../guest/messages.ts";
import type { GuestProgram } from "../guest/program.ts";
import { cancelled } from "./death.ts";
import { type Failure, type GuestHooks, type GuestResult, GuestWorker } from "./guest-worker.ts";

/** How long a tenant's worker stays without work. */
const IDLE_MS = 30_000;
const STOPPING = "the runner is stopping";

export interface GuestJob {
  readonly tenant: string;
  /** On the clock of `performance.now()`, in milliseconds. Waiting for a worker counts. */
  readonly deadline: number;
  /**
   * How many executions wait for this one's answer, each holding a worker. Every depth has as many workers as the
   * outermost, so that calls inside calls always get one in the end: the deepest wait for nobody.
   */
  readonly depth: number;
  /** Gives the execution up: its caller has gone. */
  readonly signal: AbortSignal;
  readonly run: GuestRun;
  readonly program: GuestProgram;
  readonly hooks: GuestHooks;
}

export interface GuestPoolOptions {
  /** The worker's entry file. */
  readonly entry: URL;
  /** Read at every decision, so that a new configuration takes effect at once. */
  maximums(): { readonly workers: number; readonly queue: number };
  onDiagnostic(text: string): void;
}

export type GuestPoolState = RunnerGauges["pool"];

export interface GuestPool {
  /** Always resolves; a deadline, a lost worker and a full queue are outcomes. */
  execute(job: GuestJob): Promise<GuestResult>;
  state(): GuestPoolState;
  /** Ends every worker. Executions end with `internal`. */
  close(): Promise<void>;
}

interface Waiting {
  readonly job: GuestJob;
  readonly take: (worker: GuestWorker) => void;
  readonly refuse: () => void;
}

/** The next spare starts when the call that took the last one has had its processor time. */
const NEXT_SPARE_AFTER_MS = 100;
/** What has not ended by then will lose its thread: a successor is made ready while that is still being waited for. */
const HEIR_AFTER_MS = 5;
/** What comes this close to its deadline is likely to lose its thread at it: time to make a large instance ready. */
const HEIR_BEFORE_MS = 150;
/** After an execution was ended with its thread, when the call that came next has had its processor time. */
const STANDBY_AFTER_MS = 50;
/** Of all instances that stand ready, with their images; beyond it, workers longest idle are retired. */
const MAX_HELD_BYTES = 512 * MIB;

/**
 * Workers bound to tenants, at most `workers` of them at each depth, and one spare that has started but serves nobody yet:
 * a new tenant, or a call after a kill, does not wait for a thread to start.
 *
 * Their number follows the load: a call that finds its tenant's workers busy waits for the first to be free, and has
 * another one made ready meanwhile; of several idle ones the last used is taken, so that the others grow old.
 */
export function createGuestPool(options: GuestPoolOptions): GuestPool {
  const bound = new Set<GuestWorker>();
  const idle = new Map<GuestWorker, NodeJS.Timeout>();
  const depths = new Map<GuestWorker, number>();
  /** Being made ready, and for what. */
  const arming = new Map<GuestWorker, string>();
  const queue: Waiting[] = [];
  let started = 0;
  let killed = 0;
  let closed = false;
  let spare: GuestWorker | undefined = startWorker();

  function startWorker(): GuestWorker {
    started++;
    const worker = new GuestWorker(options.entry, options.onDiagnostic);
    void worker.ended.then(() => lost(worker));
    return worker;
  }

  function lost(worker: GuestWorker): void {
    if (worker === spare) spare = undefined;
    bound.delete(worker);
    arming.delete(worker);
    clearTimeout(idle.get(worker));
    idle.delete(worker);
    if (!closed) serve();
  }

  /** Takes the spare for a tenant and starts the next one. */
  function bind(tenant: string): GuestWorker {
    const worker = spare?.alive ? spare : startWorker();
    spare = undefined;
    setTimeout(() => {
      if (!closed) spare ??= startWorker();
    }, NEXT_SPARE_AFTER_MS).unref();
    worker.tenant = tenant;
    bound.add(worker);
    return worker;
  }

  function idleWorker(accepts: (worker: GuestWorker) => boolean): GuestWorker | undefined {
    return [...idle.keys()].findLast((worker) => worker.alive && accepts(worker));
  }

  /** Makes a worker ready for the next call of a job's kind; one at a time of each. */
  function grow({ tenant, run, program }: GuestJob): void {
    if ([...arming].some(([worker, key]) => worker.tenant === tenant && key === run.program)) return;
    const worker = bind(tenant);
    arming.set(worker, run.program);
    worker.onRested = () => {
      if (arming.delete(worker)) release(worker, true);
    };
    worker.arm(run, program);
  }

  /** A worker that will come to the job by itself. One at another depth may be waiting for this very call. */
  function isServed({ tenant, run, depth }: GuestJob): boolean {
    return [...bound].some(
      (worker) =>
        worker.tenant === tenant &&
        worker.has(run.program) &&
        (arming.has(worker) || depths.get(worker) === depth),
    );
  }

  /** A worker for the job, or nothing when it has to wait. */
  function find(job: GuestJob): GuestWorker | undefined {
    const { tenant, run, depth } = job;
    const { workers } = options.maximums();
    const atDepth = [...depths.values()].filter((other) => other === depth).length;
    if (atDepth >= workers) return undefined;
    const own =
      idleWorker((worker) => worker.tenant === tenant && worker.has(run.program) && worker.rested) ??
      idleWorker((worker) => worker.tenant === tenant && worker.has(run.program)) ??
      idleWorker((worker) => worker.tenant === tenant);
    if (own !== undefined) return own;
    const elsewhere = depths.size - atDepth;
    const isRoom = bound.size - elsewhere < workers;
    if (isServed(job)) {
      // Never at the cost of another tenant's worker: two busy tenants would take them from each other in turns.
      if (isRoom) grow(job);
      return undefined;
    }
    if (!isRoom) {
      const [oldest] = idle.keys();
      if (oldest === undefined) return undefined;
      retire(oldest);
    }
    return bind(tenant);
  }

  function retire(worker: GuestWorker): void {
    bound.delete(worker);
    clearTimeout(idle.get(worker));
    idle.delete(worker);
    void worker.kill(cancelled("the guest's worker was retired"));
  }

  function heldBytes(): number {
    return [...bound].reduce((sum, worker) => sum + worker.heldBytes, 0);
  }

  function serve(): void {
    // Whoever waits behind a full depth may be of another: what is inside a call must not wait for what is outside it.
    const full = new Set<number>();
    for (const waiting of [...queue]) {
      if (full.has(waiting.job.depth)) continue;
      const worker = find(waiting.job);
      if (worker === undefined) full.add(waiting.job.depth);
      else {
        queue.splice(queue.indexOf(waiting), 1);
        waiting.take(worker);
      }
    }
  }

  /** One that has served nobody yet comes after those that are warm, and makes room before them. */
  function release(worker: GuestWorker, isUnused = false): void {
    if (!worker.alive) return; // `lost` follows when the thread has ended
    if (worker.worn) {
      retire(worker);
    } else {
      const warmer = isUnused ? [...idle] : [];
      for (const [other] of warmer) idle.delete(other);
      idle.set(worker, setTimeout(() => retire(worker), IDLE_MS).unref());
      for (const [other, timer] of warmer) idle.set(other, timer);
    }
    for (const oldest of [...idle.keys()]) {
      if (heldBytes() <= MAX_HELD_BYTES) break;
      if (oldest !== worker) retire(oldest);
    }
    serve();
  }

  function giveUp(worker: GuestWorker, job: GuestJob, outcome: Failure): void {
    worker.giveUp(job.run.id, outcome);
    setTimeout(() => {
      if (worker.runs(job.run.id)) growTo(1, job);
    }, HEIR_AFTER_MS);
  }

  /** Sees to it that so many workers are there, or will be, for the calls that follow one that loses its thread. */
  function growTo(count: number, job: GuestJob): void {
    const { tenant, run } = job;
    const ready = [...bound].filter(
      (worker) => worker.alive && worker.tenant === tenant && worker.has(run.program) && !worker.runs(run.id),
    );
    if (!closed && ready.length < count && bound.size < options.maximums().workers) grow(job);
  }

  /** What happened once happens again: the next time, another one is there with its instance. */
  function standBy(job: GuestJob): void {
    const prepare = () => (arming.size > 0 ? standBy(job) : growTo(2, job));
    setTimeout(prepare, STANDBY_AFTER_MS).unref();
  }

  async function runOn(worker: GuestWorker, job: GuestJob): Promise<GuestResult> {
    clearTimeout(idle.get(worker));
    idle.delete(worker);
    depths.set(worker, job.depth);
    const result = await worker.run(job.run, job.program, job.hooks);
    depths.delete(worker);
    if (worker.alive) release(worker);
    else {
      // Its slot is free at once: the spare serves while the thread is still being ended.
      bound.delete(worker);
      if (!closed) {
        killed++;
        growTo(1, job);
        serve();
        standBy(job);
      }
    }
    return result;
  }

  return {
    execute(job) {
      const { promise, resolve } = Promise.withResolvers<GuestResult>();
      let worker: GuestWorker | undefined;
      let waiting: Waiting | undefined;
      const end = (code: "timeout" | "internal", message: string) => {
        const outcome = { kind: "failure", code, message } as const;
        if (waiting !== undefined && queue.includes(waiting)) queue.splice(queue.indexOf(waiting), 1);
        if (worker === undefined) resolve({ outcome, usage: NO_USAGE });
        else giveUp(worker, job, outcome);
      };
      const start = (found: GuestWorker) => {
        worker = found;
        void runOn(found, job).then(resolve);
      };
      const remaining = Math.max(0, job.deadline - performance.now());
      const untilHeir = Math.max(remaining / 2, remaining - HEIR_BEFORE_MS);
      let timer = setTimeout(() => {
        if (worker?.runs(job.run.id)) growTo(1, job);
        timer = setTimeout(() => end("timeout", "the deadline passed"), remaining - untilHeir);
      }, untilHeir);
      const abort = () => end("internal", "the caller gave the call up");
      job.signal.addEventListener("abort", abort);
      if (closed) end("internal", STOPPING);
      else {
        const found = queue.some((other) => other.job.depth === job.depth) ? undefined : find(job);
        if (found !== undefined) start(found);
        else if (queue.length >= options.maximums().queue)
          end("internal", "the runner has as many calls waiting as it takes");
        else {
          waiting = { job, take: start, refuse: () => end("internal", STOPPING) };
          queue.push(waiting);
        }
      }
      return promise.finally(() => {
        clearTimeout(timer);
        job.signal.removeEventListener("abort", abort);
      });
    },
    state: () => ({
      workers: bound.size,
      busy: bound.size - idle.size - arming.size,
      waiting: queue.length,
      spares: spare?.alive ? 1 : 0,
      held_bytes: heldBytes(),
      max_held_bytes: MAX_HELD_BYTES,
      started,
      killed,
    }),
    async close() {
      closed = true;
      const all = [...bound, ...(spare === undefined ? [] : [spare])];
      for (const waiting of [...queue]) waiting.refuse();
      await Promise.all(all.map((worker) => worker.kill(cancelled(STOPPING))));
    },
  };
}

const NO_USAGE = { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 } as const;
