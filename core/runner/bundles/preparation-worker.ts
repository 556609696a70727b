import { Worker } from "node:worker_threads";
import { BundleLoadError } from "./errors.ts";
import type { Preparation, PreparationMessage, PreparationReply } from "./preparation.ts";

/** An archive of the largest size and everything made of it. */
const PREPARATION_HEAP_MIB = 2_048;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: BundleLoadError) => void;
}

/**
 * Preparation on one thread of its own, started at once because its modules take longer to load than anything
 * else at start. When it dies, over a bundle that is too much for it, what it was doing fails and the next
 * request starts it again.
 */
export function createPreparationWorker(options: {
  entry: URL;
  objectsDir: string;
  onDiagnostic(text: string): void;
}): Preparation & { close(): Promise<void> } {
  const pending = new Map<number, Pending>();
  let sequence = 0;
  let worker: Worker | undefined;

  function start(): Worker {
    const started = new Worker(options.entry, {
      workerData: { objectsDir: options.objectsDir },
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
    started.on("exit", () => {
      if (worker === started) worker = undefined;
      for (const { reject } of pending.values())
        reject(new BundleLoadError("internal", "the bundle could not be prepared"));
      pending.clear();
    });
    return started;
  }

  function settle(reply: PreparationReply): void {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new BundleLoadError(reply.code, reply.message, reply.verificationCode));
  }

  function ask<Op extends PreparationMessage["op"]>(
    op: Op,
    request: Extract<PreparationMessage, { op: Op }>["request"],
  ): Promise<unknown> {
    worker ??= start();
    const id = ++sequence;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    pending.set(id, { resolve, reject });
    worker.postMessage({ id, op, request });
    return promise;
  }

  worker = start();
  // The worker is this process's own code: each operation answers with the type that `Preparation` names.
  return {
    verify: (request) => ask("verify", request) as ReturnType<Preparation["verify"]>,
    program: (request) => ask("program", request) as ReturnType<Preparation["program"]>,
    ui: (request) => ask("ui", request) as ReturnType<Preparation["ui"]>,
    async close() {
      await worker?.terminate();
    },
  };
}
