import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { HostOutcome } from "../capabilities/host-outcome.ts";
import type { GuestLogLine } from "../guest/log-sink.ts";
import {
  GAUGE,
  type GuestCall,
  type GuestCommand,
  type GuestOutcome,
  type GuestRecord,
  type GuestReport,
  type GuestRun,
  type GuestUsage,
  type GuestWorkerData,
  SIGNAL,
} from "../guest/messages.ts";
import type { GuestProgram } from "../guest/program.ts";
import type { LocalCall } from "../journal/call-recorder.ts";
import { cancelled, outcomeOfDeath, WORKER_HEAP_MIB } from "./death.ts";

const WORKER_YOUNG_HEAP_MIB = 32;
const WORKER_STACK_MIB = 4;
/** The ES module loader never forgets a module, so a worker that has loaded this many programs is replaced. */
const MAX_PROGRAMS = 16;
/** From the request to end an execution to the end of its thread. */
const GIVE_UP_MS = 10;
/** Putting an instance back takes milliseconds; what takes this long does not end. */
const MAX_REST_MS = 2_000;
/** The same for a program that is loaded for the first time. */
const MAX_ARM_MS = 10_000;
/** No execution has this number. */
const ARMING = -1;

/** What the runner does for one execution while it runs. */
export interface GuestHooks {
  onLog(line: GuestLogLine): void;
  onCall(call: GuestCall): Promise<HostOutcome>;
  /** A call that the worker has answered itself. */
  onLocalCall(call: LocalCall): void;
  /** The execution is on its worker from now on. */
  onRun(): void;
}

export interface GuestResult {
  readonly outcome: GuestOutcome;
  readonly usage: GuestUsage;
  /** Absent when the worker was killed. */
  readonly record?: GuestRecord | undefined;
}

export type Failure = Extract<GuestOutcome, { kind: "failure" }>;

interface Current {
  readonly id: number;
  /** The host call that the worker waits for. */
  call?: GuestCall;
  /** How it ends, once it has been given up. */
  givenUp?: Failure;
  readonly hooks: GuestHooks;
  readonly resolve: (result: GuestResult) => void;
}

/**
 * One worker thread and the execution on it, as the main thread holds them.
 * It runs one execution at a time and serves one tenant in its life.
 */
export class GuestWorker {
  onRested: (() => void) | undefined;
  /** Whom it serves; set with its first execution and never changed. */
  tenant: string | undefined;
  readonly #worker: Worker;
  readonly #replies: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(SIGNAL.slots * Int32Array.BYTES_PER_ELEMENT));
  readonly #gauge = new BigInt64Array(new SharedArrayBuffer(GAUGE.slots * BigInt64Array.BYTES_PER_ELEMENT));
  readonly #programs = new Set<string>();
  #current: Current | undefined;
  /** The execution after which the worker puts an instance in order, or `ARMING`. */
  #restingAfter: number | undefined;
  #restWatch: { readonly withinMs: number; readonly timer: NodeJS.Timeout } | undefined;
  #gone: GuestOutcome | undefined;
  #killed: Promise<unknown> | undefined;
  /** Resolves when the worker takes commands; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;

  constructor(entry: URL, onDiagnostic: (text: string) => void) {
    const { port1, port2 } = new MessageChannel();
    this.#replies = port1;
    const workerData: GuestWorkerData = {
      replies: port2,
      signal: this.#signal.buffer,
      gauge: this.#gauge.buffer,
    };
    this.#worker = new Worker(entry, {
      workerData,
      transferList: [port2],
      // Nothing of this process is the guest's: no environment, no arguments, no standard streams.
      env: {},
      argv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: WORKER_HEAP_MIB,
        maxYoungGenerationSizeMb: WORKER_YOUNG_HEAP_MIB,
        stackSizeMb: WORKER_STACK_MIB,
      },
    });
    this.#worker.stdout.on("data", (chunk: Buffer) => onDiagnostic(chunk.toString()));
    this.#worker.stderr.on("data", (chunk: Buffer) => onDiagnostic(chunk.toString()));
    const isReady = Promise.withResolvers<void>();
    this.ready = isReady.promise;
    this.ready.catch(() => undefined); // whoever waits hears of it; nobody may be waiting
    this.#worker.on("message", (report: GuestReport) => {
      if (report.type === "ready") isReady.resolve();
      else this.#receive(report);
    });
    this.#worker.on("error", (error: NodeJS.ErrnoException) => {
      this.#gone ??= outcomeOfDeath(error);
      onDiagnostic(`guest worker: ${error.code ?? error.name}`);
    });
    this.ended = once(this.#worker, "exit").then(
      () => undefined,
      () => undefined,
    );
    this.#worker.on("exit", () => {
      clearTimeout(this.#restWatch?.timer);
      this.#gone ??= { kind: "failure", code: "internal", message: "the guest's worker ended" };
      isReady.reject(new Error("the guest's worker ended before it was ready"));
      this.#finish({ outcome: this.#gone, usage: this.#lastUsage() });
    });
  }

  get alive(): boolean {
    return this.#gone === undefined && this.#killed === undefined;
  }

  /** Ready at once: nothing is left to do of the execution before. */
  get rested(): boolean {
    if (Atomics.load(this.#signal, SIGNAL.rested) === this.#restingAfter) this.#restingAfter = undefined;
    return this.#restingAfter === undefined;
  }

  /** Linear memory and images of it that stand ready for the next execution. */
  get heldBytes(): number {
    return Number(Atomics.load(this.#gauge, GAUGE.heldBytes));
  }

  get worn(): boolean {
    return this.#programs.size >= MAX_PROGRAMS;
  }

  /** True while that execution is the one on this worker. */
  runs(id: number): boolean {
    return this.#current?.id === id;
  }

  has(program: string): boolean {
    return this.#programs.has(program);
  }

  /** Makes an instance ready; the worker is not `rested` until that is done. */
  arm({ program: key, limits, isolation }: GuestRun, program: GuestProgram): void {
    this.#load(key, program);
    this.#rest(ARMING, MAX_ARM_MS);
    this.#worker.postMessage({ type: "arm", program: key, limits, isolation } satisfies GuestCommand);
  }

  #load(key: string, program: GuestProgram): void {
    if (this.#programs.has(key)) return;
    this.#programs.add(key);
    this.#worker.postMessage({ type: "load", key, program } satisfies GuestCommand);
  }

  /** Nobody is told when an execution's rest is over: one timer, put off with each execution, looks. */
  #rest(after: number, withinMs: number): void {
    this.#restingAfter = after;
    const { withinMs: before, timer } = this.#restWatch ?? {};
    if (before === withinMs) return void timer?.refresh();
    clearTimeout(timer);
    const look = () => {
      if (!this.rested) void this.kill(cancelled("the guest's worker did not come to rest"));
    };
    this.#restWatch = { withinMs, timer: setTimeout(look, withinMs).unref() };
  }

  /** Runs one execution. Always resolves: the end of the worker is an outcome too. */
  run(run: GuestRun, program: GuestProgram, hooks: GuestHooks): Promise<GuestResult> {
    this.#load(run.program, program);
    const { promise, resolve } = Promise.withResolvers<GuestResult>();
    this.#current = { id: run.id, hooks, resolve };
    if (!this.alive)
      this.#finish({
        outcome: this.#gone ?? cancelled("the guest's worker was ended"),
        usage: this.#lastUsage(),
      });
    else {
      hooks.onRun();
      this.#gauge.fill(0n, 0, GAUGE.heldBytes);
      this.#worker.postMessage({ type: "run", run } satisfies GuestCommand, transferable(run.http.body));
    }
    return promise;
  }

  /**
   * Asks the execution to end: a computation at its next slice of fuel, a host call at once. Where neither happens
   * (a long bulk instruction, a sleep, work of the glue), the thread is ended after a moment.
   */
  giveUp(id: number, outcome: Failure): void {
    const current = this.#current;
    if (current?.id !== id) return;
    Atomics.store(this.#signal, SIGNAL.givenUp, id);
    current.givenUp = outcome;
    if (current.call !== undefined) {
      delete current.call;
      this.#reply({ kind: "trap", code: outcome.code, message: outcome.message });
    }
    setTimeout(() => {
      if (this.#current === current) void this.kill(outcome);
    }, GIVE_UP_MS);
  }

  /**
   * Ends the thread, also in the middle of a loop or a host call. The execution on it ends with `outcome`.
   * Resolves when the thread has ended; the execution's result does not wait for that.
   */
  kill(outcome: GuestOutcome): Promise<unknown> {
    this.#gone ??= outcome;
    clearTimeout(this.#restWatch?.timer);
    this.#killed ??= this.#worker.terminate();
    this.#replies.close();
    this.#finish({ outcome, usage: this.#lastUsage() });
    return this.#killed;
  }

  #receive(report: Exclude<GuestReport, { type: "ready" }>): void {
    if (report.type === "rested") {
      this.#restingAfter = undefined;
      this.onRested?.();
      return;
    }
    const current = this.#current;
    if (current === undefined || report.id !== current.id) return; // of an execution that was given up
    if (report.type === "log") current.hooks.onLog(report.line);
    else if (report.type === "local") current.hooks.onLocalCall(report.call);
    else if (report.type === "done") {
      this.#rest(report.id, MAX_REST_MS);
      this.#finish({
        // A component that ends by itself meanwhile is not asked what it has come to.
        outcome: current.givenUp ?? report.outcome,
        usage: report.usage,
        record: report.record,
      });
    } else this.#answer(current, report.call);
  }

  #answer(current: Current, call: GuestCall): void {
    current.call = call;
    void current.hooks.onCall(call).then((outcome) => {
      // An answer that comes too late would be taken for that of the next call.
      if (current.call !== call) return;
      delete current.call;
      this.#reply(outcome);
    });
    if (current.givenUp !== undefined) this.giveUp(current.id, current.givenUp);
  }

  #reply(outcome: HostOutcome): void {
    if (!this.alive) return;
    this.#replies.postMessage(outcome);
    Atomics.add(this.#signal, SIGNAL.replies, 1);
    Atomics.notify(this.#signal, SIGNAL.replies);
  }

  /** A killed worker takes its meters with it: this is at least what it had used. */
  #lastUsage(): GuestUsage {
    return {
      fuel: Number(Atomics.load(this.#gauge, GAUGE.fuel)),
      memory_bytes: Number(Atomics.load(this.#gauge, GAUGE.memoryBytes)),
      host_calls: 0,
      log_lines: 0,
    };
  }

  #finish(result: GuestResult): void {
    const current = this.#current;
    this.#current = undefined;
    current?.resolve(result);
  }
}

/** A body is handed over, not copied. */
function transferable(body: Uint8Array | undefined): ArrayBuffer[] {
  return body?.buffer instanceof ArrayBuffer ? [body.buffer] : [];
}
