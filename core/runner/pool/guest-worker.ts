import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { HostOutcome } from "../capabilities/host-outcome.ts";
import type { GuestLogLine } from "../guest/log-sink.ts";
import type {
  GuestCall,
  GuestCommand,
  GuestOutcome,
  GuestRecord,
  GuestReport,
  GuestRun,
  GuestUsage,
  GuestWorkerData,
} from "../guest/messages.ts";
import type { GuestProgram } from "../guest/program.ts";
import type { LocalCall } from "../journal/call-recorder.ts";

/**
 * JavaScript heap of a worker: the glue and what is lifted out of a component. Linear memory is not in it.
 * A component that makes the glue build more than this ends its worker, and nothing else.
 */
const WORKER_HEAP_MIB = 192;
const WORKER_YOUNG_HEAP_MIB = 32;
const WORKER_STACK_MIB = 4;
/** The ES module loader never forgets a module, so a worker that has loaded this many programs is replaced. */
const MAX_PROGRAMS = 16;
/** Putting an instance back takes milliseconds; what takes this long does not end. */
const MAX_REST_MS = 2_000;

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

interface Current {
  readonly id: number;
  readonly hooks: GuestHooks;
  readonly resolve: (result: GuestResult) => void;
}

/**
 * One worker thread and the execution on it, as the main thread holds them.
 * It runs one execution at a time and serves one tenant in its life.
 */
export class GuestWorker {
  /** Whom it serves; set with its first execution and never changed. */
  tenant: string | undefined;
  readonly #worker: Worker;
  readonly #replies: MessagePort;
  readonly #counter: Int32Array;
  readonly #programs = new Set<string>();
  #current: Current | undefined;
  /** Set while the worker puts an instance in order after an execution. */
  #resting: NodeJS.Timeout | undefined;
  #heldBytes = 0;
  #gone: GuestOutcome | undefined;
  #killed: Promise<unknown> | undefined;
  /** Resolves when the worker takes commands; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;

  constructor(entry: URL, onDiagnostic: (text: string) => void) {
    const { port1, port2 } = new MessageChannel();
    const signal = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.#counter = new Int32Array(signal);
    this.#replies = port1;
    const workerData: GuestWorkerData = { replies: port2, signal };
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
      clearTimeout(this.#resting);
      this.#gone ??= { kind: "failure", code: "internal", message: "the guest's worker ended" };
      isReady.reject(new Error("the guest's worker ended before it was ready"));
      this.#finish({ outcome: this.#gone, usage: NO_GUEST_USAGE });
    });
  }

  get alive(): boolean {
    return this.#gone === undefined && this.#killed === undefined;
  }

  /** Ready at once: nothing is left to do of the execution before. */
  get rested(): boolean {
    return this.#resting === undefined;
  }

  /** Linear memory and images of it that stand ready for the next execution. */
  get heldBytes(): number {
    return this.#heldBytes;
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

  /** Runs one execution. Always resolves: the end of the worker is an outcome too. */
  run(run: GuestRun, program: GuestProgram, hooks: GuestHooks): Promise<GuestResult> {
    if (!this.#programs.has(run.program)) {
      this.#programs.add(run.program);
      this.#worker.postMessage({ type: "load", key: run.program, program } satisfies GuestCommand);
    }
    const { promise, resolve } = Promise.withResolvers<GuestResult>();
    this.#current = { id: run.id, hooks, resolve };
    if (!this.alive)
      this.#finish({
        outcome: this.#gone ?? cancelled("the guest's worker was ended"),
        usage: NO_GUEST_USAGE,
      });
    else {
      hooks.onRun();
      this.#worker.postMessage({ type: "run", run } satisfies GuestCommand, transferable(run.http.body));
    }
    return promise;
  }

  /**
   * Ends the thread, also in the middle of a loop or a host call. The execution on it ends with `outcome`.
   * Resolves when the thread has ended; the execution's result does not wait for that.
   */
  kill(outcome: GuestOutcome): Promise<unknown> {
    this.#gone ??= outcome;
    clearTimeout(this.#resting);
    this.#killed ??= this.#worker.terminate();
    this.#replies.close();
    this.#finish({ outcome, usage: NO_GUEST_USAGE });
    return this.#killed;
  }

  #receive(report: Exclude<GuestReport, { type: "ready" }>): void {
    if (report.type === "rested") {
      clearTimeout(this.#resting);
      this.#resting = undefined;
      this.#heldBytes = report.heldBytes;
      return;
    }
    const current = this.#current;
    if (current === undefined || report.id !== current.id) return; // of an execution that was given up
    if (report.type === "log") current.hooks.onLog(report.line);
    else if (report.type === "local") current.hooks.onLocalCall(report.call);
    else if (report.type === "done") {
      this.#resting = setTimeout(
        () => void this.kill(cancelled("the guest's worker did not come to rest")),
        MAX_REST_MS,
      );
      this.#finish({ outcome: report.outcome, usage: report.usage, record: report.record });
    } else void current.hooks.onCall(report.call).then((outcome) => this.#reply(outcome));
  }

  #reply(outcome: HostOutcome): void {
    if (!this.alive) return;
    this.#replies.postMessage(outcome);
    Atomics.add(this.#counter, 0, 1);
    Atomics.notify(this.#counter, 0);
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

/** A killed worker takes its meters with it. */
const NO_GUEST_USAGE: GuestUsage = { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 };

export function cancelled(message: string): GuestOutcome {
  return { kind: "failure", code: "internal", message };
}

function outcomeOfDeath(error: NodeJS.ErrnoException): GuestOutcome {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return {
      kind: "failure",
      code: "memory_limit",
      message: `the extension handed the host more than ${WORKER_HEAP_MIB} MiB`,
    };
  return { kind: "failure", code: "internal", message: "the guest's worker failed" };
}
