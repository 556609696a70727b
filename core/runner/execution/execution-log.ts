import type { ExecuteRequest } from "../../contract/execute.ts";
import type { LogEvent } from "../../contract/log-event.ts";
import type { GuestLogLine } from "../guest/log-sink.ts";

/** Lines wait this long for company before they go to the host, so that a live log is live. */
const FLUSH_MS = 20;
const MAX_BATCH = 100;

/** Hands events to the host; resolves when they are on their way. */
export type SendLog = (events: readonly LogEvent[]) => Promise<void>;

/** The lines of all executions on their way to the host, in order and in batches. */
export function createLogOutlet(send: SendLog) {
  let batch: LogEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sent: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length > 0) {
      const events = batch;
      batch = [];
      sent = send(events);
    }
    return sent;
  }

  return {
    add(context: ExecuteRequest["context"], line: GuestLogLine): void {
      batch.push({
        ...line,
        tenant_id: context.tenant_id,
        extension_id: context.extension_id,
        install_id: context.install_id,
        request_id: context.request_id,
        version_id: context.version_id,
        content_hash: context.content_hash,
      });
      if (batch.length >= MAX_BATCH) void flush();
      else timer ??= setTimeout(() => void flush(), FLUSH_MS);
    },
    /** Before an execution is answered, so that whoever has the answer finds its lines at the host. */
    flush,
  };
}

export type LogOutlet = ReturnType<typeof createLogOutlet>;
