import { Worker } from "node:worker_threads";
import { BundleLoadError } from "./errors.ts";
import type { Preparation, PreparationData, PreparationMessage, PreparationReply } from "./preparation.ts";

/** An archive of the largest size and everything made of it. */
const PREPARATION_HEAP_MIB = 2_048;

/** Without an answer for so long, the thread is stuck over whatever it was given first. */
const STUCK_AFTER_MS = 60_000;

interface Pending {
  readonly message: PreparationMessage;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: BundleLoadError) => void;
}

export interface PreparationWorkerOptions {
  readonly entry: URL;
  readonly data: PreparationData;
  onDiagnostic(text: string): void;
}

/**
 * Preparation on one thread of its own, started at once because its modules take longer to load than anything
 * else at start. A bundle that crashes or blocks the thread fails alone: what waited behind it goes to the next
 * thread.
 */
export function createPreparationWorker(
  options: PreparationWorkerOptions,
): Preparation & { close(): Promise<void> } {
  /** In the order of asking, which is about that of answering. */
  const pending = new Map<number, Pending>();
  let sequence = 0;
  let closed = false;
  let worker: Worker | undefined = start();
  let watchdog: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = new Worker(options.entry, {
      workerData: options.data,
      env: {},
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: PREPARATION_HEAP_MIB },
    });
    started.stdout.on("data", (chunk: Buffer) => options.onDiagnostic(chunk.toString()));
    started.stderr.on("data", (chunk: Buffer) => options.onDiagnostic(chunk.toString()));
    started.on("error", (error) => options.onDiagnostic(`preparation worker: ${error.message}`));
    started.on("message", settle);
    started.on("exit", lost);
    return started;
  }

  function settle(reply: PreparationReply): void {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    watch();
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(BundleLoadError.of(reply));
  }

  /** The thread has ended over its first task: that one fails, the others are given to a new thread. */
  function lost(): void {
    worker = undefined;
    const [first] = pending;
    if (first !== undefined) {
      pending.delete(first[0]);
      first[1].reject(new BundleLoadError("internal", "the bundle could not be prepared"));
    }
    if (!closed && pending.size > 0) {
      worker = start();
      for (const { message } of pending.values()) worker.postMessage(message);
    }
    watch();
  }

  function watch(): void {
    clearTimeout(watchdog);
    if (pending.size > 0) watchdog = setTimeout(() => void worker?.terminate(), STUCK_AFTER_MS);
  }

  function ask(message: PreparationMessage): Promise<unknown> {
    worker ??= start();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    pending.set(message.id, { message, resolve, reject });
    if (pending.size === 1) watch();
    worker.postMessage(message);
    return promise;
  }

  // The worker is this process's own code: each operation answers with the type that `Preparation` names.
  return {
    verify: (request) => ask({ id: ++sequence, op: "verify", request }) as ReturnType<Preparation["verify"]>,
    component: (request) =>
      ask({ id: ++sequence, op: "component", request }) as ReturnType<Preparation["component"]>,
    program: (request) =>
      ask({ id: ++sequence, op: "program", request }) as ReturnType<Preparation["program"]>,
    ui: (request) => ask({ id: ++sequence, op: "ui", request }) as ReturnType<Preparation["ui"]>,
    uiFile: (request) => ask({ id: ++sequence, op: "uiFile", request }) as ReturnType<Preparation["uiFile"]>,
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}
