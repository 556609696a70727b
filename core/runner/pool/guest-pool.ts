import type { GuestRun } from "../guest/messages.ts";
import type { GuestProgram } from "../guest/program.ts";
import { cancelled, type GuestHooks, type GuestResult, GuestWorker } from "./guest-worker.ts";

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

export interface GuestPoolState {
  readonly workers: number;
  readonly busy: number;
  readonly waiting: number;
}

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

/**
 * Workers bound to tenants, at most `workers` of them at each depth, and one spare that has started but serves nobody yet:
 * a new tenant, or a call after a kill, does not wait for a thread to start.
 */
export function createGuestPool(options: GuestPoolOptions): GuestPool {
  const bound = new Set<GuestWorker>();
  const idle = new Map<GuestWorker, NodeJS.Timeout>();
  const depths = new Map<GuestWorker, number>();
  const queue: Waiting[] = [];
  let closed = false;
  let spare: GuestWorker | undefined = startWorker();

  function startWorker(): GuestWorker {
    const worker = new GuestWorker(options.entry, options.onDiagnostic);
    void worker.ended.then(() => lost(worker));
    return worker;
  }

  function lost(worker: GuestWorker): void {
    if (worker === spare) spare = undefined;
    bound.delete(worker);
    clearTimeout(idle.get(worker));
    idle.delete(worker);
    if (!closed) serve();
  }

  /** Takes the spare for a tenant and starts the next one. */
  function bind(tenant: string): GuestWorker {
    const worker = spare?.alive ? spare : startWorker();
    spare = startWorker();
    worker.tenant = tenant;
    bound.add(worker);
    return worker;
  }

  function idleWorker(accepts: (worker: GuestWorker) => boolean): GuestWorker | undefined {
    for (const worker of idle.keys()) if (worker.alive && accepts(worker)) return worker;
    return undefined;
  }

  /** A worker for the job, or nothing when it has to wait. */
  function find({ tenant, run, depth }: GuestJob): GuestWorker | undefined {
    const { workers } = options.maximums();
    const atDepth = [...depths.values()].filter((other) => other === depth).length;
    if (atDepth >= workers) return undefined;
    const own =
      idleWorker((worker) => worker.tenant === tenant && worker.has(run.program) && worker.rested) ??
      idleWorker((worker) => worker.tenant === tenant && worker.has(run.program)) ??
      idleWorker((worker) => worker.tenant === tenant);
    if (own !== undefined) return own;
    const elsewhere = depths.size - atDepth;
    if (bound.size - elsewhere < workers) return bind(tenant);
    const other = idleWorker(() => true);
    if (other === undefined) return undefined;
    retire(other);
    return bind(tenant);
  }

  function retire(worker: GuestWorker): void {
    bound.delete(worker);
    clearTimeout(idle.get(worker));
    idle.delete(worker);
    void worker.kill(cancelled("the guest's worker was retired"));
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

  function release(worker: GuestWorker): void {
    if (!worker.alive) return; // `lost` follows when the thread has ended
    if (worker.worn) {
      retire(worker);
    } else {
      idle.set(worker, setTimeout(() => retire(worker), IDLE_MS).unref());
    }
    serve();
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
      if (!closed) serve();
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
        else if (worker.runs(job.run.id)) void worker.kill(outcome);
      };
      const start = (found: GuestWorker) => {
        worker = found;
        void runOn(found, job).then(resolve);
      };
      const timer = setTimeout(
        () => end("timeout", "the deadline passed"),
        Math.max(0, job.deadline - performance.now()),
      );
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
    state: () => ({ workers: bound.size, busy: bound.size - idle.size, waiting: queue.length }),
    async close() {
      closed = true;
      const all = [...bound, ...(spare === undefined ? [] : [spare])];
      for (const waiting of [...queue]) waiting.refuse();
      await Promise.all(all.map((worker) => worker.kill(cancelled(STOPPING))));
    },
  };
}

const NO_USAGE = { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 } as const;
