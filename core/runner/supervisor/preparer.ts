import { mkdirSync } from "node:fs";
import type { PreparationFailure, PreparedStoreOptions } from "../../contract/runner-protocol.ts";
import type { PreparedBundleName } from "../prepared/prepared-name.ts";
import {
  type PreparerReply,
  type PreparerRequest,
  type PreparerStart,
  preparerReplySchema,
} from "../prepared/preparer-protocol.ts";
import { preparerArguments } from "./command-line.ts";
import { RestrictedProcess } from "./restricted-process.ts";

/** The generator takes longer to load than most components take to prepare; the next one may come soon. */
const IDLE_MS = 60_000;
/** Without an answer for so long, the process is stuck over whatever it was given first. */
const STUCK_AFTER_MS = 60_000;

const FAILED: PreparationFailure = { code: "internal", message: "the bundle could not be prepared" };

interface Waiting {
  readonly request: PreparerRequest;
  readonly resolve: (failure: PreparationFailure | undefined) => void;
}

export interface PreparerOptions {
  readonly objectsDir: string;
  readonly prepared: PreparedStoreOptions;
  readonly execPath: string;
  readonly extraEnv: Readonly<Record<string, string>>;
  onOutput(text: string): void;
}

export interface PreparerProcess {
  /** Always resolves: with why it failed, or with nothing once the prepared form is there. */
  prepare(name: PreparedBundleName): Promise<PreparationFailure | undefined>;
  close(): Promise<void>;
}

/**
 * Prepares bundles in a process of its own, started when there is something to do and ended when there has been
 * nothing for a while. A bundle that crashes or blocks it fails alone; what waited behind it goes to the next one.
 */
export function createPreparer(options: PreparerOptions): PreparerProcess {
  const waiting = new Map<number, Waiting>();
  let sequence = 0;
  let child: RestrictedProcess<PreparerReply, PreparerStart | PreparerRequest> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start() {
    mkdirSync(options.prepared.folder, { recursive: true });
    mkdirSync(options.objectsDir, { recursive: true });
    const started = new RestrictedProcess<PreparerReply, PreparerStart | PreparerRequest>({
      arguments: preparerArguments({
        objectsDir: options.objectsDir,
        preparedDir: options.prepared.folder,
      }),
      execPath: options.execPath,
      extraEnv: options.extraEnv,
      messages: preparerReplySchema,
      onMessage: settle,
      onOutput: options.onOutput,
    });
    started.send({ objectsDir: options.objectsDir, ...options.prepared });
    void started.ended.then(() => lost(started));
    return started;
  }

  function settle(reply: PreparerReply): void {
    const settled = waiting.get(reply.id);
    waiting.delete(reply.id);
    watch();
    settled?.resolve(reply.ok ? undefined : reply);
  }

  function lost(ended: typeof child): void {
    if (child !== ended) return;
    child = undefined;
    const [first] = waiting;
    if (first !== undefined) {
      waiting.delete(first[0]);
      first[1].resolve(FAILED);
    }
    if (waiting.size > 0) {
      child = start();
      for (const { request } of waiting.values()) child.send(request);
    }
    watch();
  }

  function watch(): void {
    clearTimeout(timer);
    timer = setTimeout(() => child?.kill(), waiting.size > 0 ? STUCK_AFTER_MS : IDLE_MS).unref();
  }

  return {
    prepare(name) {
      const { promise, resolve } = Promise.withResolvers<PreparationFailure | undefined>();
      const request = { id: ++sequence, ...name };
      waiting.set(request.id, { request, resolve });
      child ??= start();
      child.send(request);
      if (waiting.size === 1) watch();
      return promise;
    },
    async close() {
      clearTimeout(timer);
      const ending = child;
      child = undefined;
      ending?.kill();
      await ending?.ended;
      for (const { resolve } of waiting.values()) resolve(FAILED);
      waiting.clear();
    },
  };
}
