import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type ExecutionRecording, executionRecordingSchema } from "../contract/execution-recording.ts";
import { KIB, MIB } from "../contract/limits.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import type { Database } from "../store/index.ts";
import { createRecordingPruning, type RecordingPrunePolicy } from "./recording-pruning.ts";

/** Below it, compression costs more than it saves. */
const MIN_COMPRESSED_BYTES = 2 * KIB;
/** A recording is bounded by its journal and its body; this much of it is never read back. */
const MAX_RECORDING_BYTES = 16 * MIB;
/** Recordings wait this long, or for this many, to be written in one transaction. */
const FLUSH_MS = 25;
const MAX_PENDING = 128;
/** First byte of JSON text of an object; zstd's magic number begins otherwise. */
const OPENING_BRACE = 0x7b;

export interface RecordingStore {
  /**
   * Kept at once for this process, written within `FLUSH_MS`. A kill may lose what lies between; rows it does not.
   * @param make called when the recording is written or asked for: the call that it is of has been answered by then
   */
  add(executionId: string, make: () => ExecutionRecording): void;
  get(executionId: string): ExecutionRecording | undefined;
  flush(): void;
  /**
   * Removes those of executions that began before, and those beyond the newest `maxRows`, slice by slice; yields after
   * each how many have gone.
   */
  prune(policy: RecordingPrunePolicy): Iterable<number>;
}

interface Row {
  readonly id: string;
  readonly at: string;
  readonly blob: Uint8Array;
}

/** Owns `extension_host_call`. */
export function createRecordingStore(options: {
  database: Database;
  clock: Clock;
  logger: Logger;
}): RecordingStore {
  const { database, clock, logger } = options;
  const insert = database.prepare(
    "INSERT OR REPLACE INTO extension_host_call (execution_id, started_at, recording) VALUES (?, ?, ?)",
  );
  const select = database
    .prepare<[string], Uint8Array>("SELECT recording FROM extension_host_call WHERE execution_id = ?")
    .pluck();
  const prune = createRecordingPruning(database);
  let pending = new Map<string, { readonly at: Date; readonly make: () => ExecutionRecording }>();
  let timer: NodeJS.Timeout | undefined;

  const write = database.transaction((rows: readonly Row[]) => {
    for (const { id, at, blob } of rows) insert.run(id, at, blob);
  });

  function rowsOf(batch: typeof pending): Row[] {
    return [...batch].flatMap(([id, { at, make }]) => {
      try {
        return [{ id, at: at.toISOString(), blob: toBlob(make()) }];
      } catch (error) {
        logger.error({ err: error, execution_id: id }, "a host-call journal could not be kept");
        return [];
      }
    });
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending.size === 0) return;
    const batch = pending;
    pending = new Map();
    try {
      write.immediate(rowsOf(batch));
    } catch (error) {
      // The executions have happened and their rows are written: a full disk costs their journals, not their answers.
      logger.error({ err: error, recordings: batch.size }, "host-call journals could not be kept");
    }
  }

  return {
    add(executionId, make) {
      pending.set(executionId, { at: clock.now(), make });
      if (pending.size >= MAX_PENDING) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    get(executionId) {
      const waiting = pending.get(executionId);
      if (waiting !== undefined) return waiting.make();
      const blob = select.get(executionId);
      return blob === undefined ? undefined : fromBlob(blob);
    },
    flush,
    prune(policy) {
      flush();
      return prune(policy);
    },
  };
}

function toBlob(recording: ExecutionRecording): Uint8Array {
  const text = Buffer.from(JSON.stringify(recording));
  return text.byteLength < MIN_COMPRESSED_BYTES ? text : zstdCompressSync(text);
}

function fromBlob(blob: Uint8Array): ExecutionRecording {
  const text =
    blob[0] === OPENING_BRACE ? blob : zstdDecompressSync(blob, { maxOutputLength: MAX_RECORDING_BYTES });
  return executionRecordingSchema.parse(JSON.parse(Buffer.from(text).toString()));
}
