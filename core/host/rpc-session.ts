import { MIB } from "../contract/limits.ts";
import { MAX_MESSAGE_BYTES } from "../contract/rpc-socket.ts";
import { HostError } from "./errors.ts";

/** Calls of one page that run at once; a page that asks for more is told so. */
const MAX_RUNNING_CALLS = 256;
/** Events wait once this much waits to be sent. */
const HIGH_WATER_BYTES = MIB;
/** Answers cannot wait for their reader, only be large: beyond this the reader is given up. */
const MAX_WAITING_BYTES = 2 * MAX_MESSAGE_BYTES;
/** A reader that takes nothing for so long while events wait is cut off; its page resumes when it comes back. */
const STALLED_MS = 30_000;

/** What a session needs of its socket. */
export interface SessionSocket {
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  terminate(): void;
  ping(data: undefined, mask: undefined, sent: (error?: Error) => void): void;
}

/** One page's connection: its running calls, and whether it keeps up. */
export interface RpcSession {
  /** Runs under the number; the signal aborts when it is cancelled or the page goes. @throws HostError `too_many_calls`, `cancelled` */
  run<T>(call: number, work: (signal: AbortSignal) => T | Promise<T>): Promise<T>;
  /** A number that is not running is let pass: its answer may be on its way. */
  cancel(call: number): void;
  /** Resolves when the socket has room for more events. */
  room(): Promise<void>;
}

/** @param gone aborts when the socket closes @param working told of each call until it settles, for a closing host to wait for */
export function createRpcSession(
  socket: SessionSocket,
  gone: AbortSignal,
  working: (call: Promise<unknown>) => void,
): RpcSession {
  const running = new Map<number, AbortController>();
  let draining: Promise<void> | undefined;
  gone.addEventListener("abort", () => {
    for (const controller of running.values()) controller.abort();
  });

  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const stalled = setTimeout(() => socket.terminate(), STALLED_MS);
      // Frames leave in order: when this one has left, so has everything before it.
      socket.ping(undefined, undefined, () => {
        clearTimeout(stalled);
        draining = undefined;
        resolve();
      });
    });

  return {
    async run(call, work) {
      if (running.has(call))
        throw new HostError({ code: "malformed_request", message: "The call's number is taken." });
      if (running.size >= MAX_RUNNING_CALLS) {
        throw new HostError({
          code: "too_many_calls",
          message: `${running.size} calls of this page are running already.`,
          hint: "Wait for one of them to end.",
        });
      }
      const controller = new AbortController();
      if (gone.aborted) controller.abort();
      running.set(call, controller);
      const { signal } = controller;
      const result = (async () => work(signal))();
      working(result);
      try {
        return await result;
      } catch (error) {
        // Nobody waits for it any more, and how it ended is what was asked for.
        if (signal.aborted) throw new HostError({ code: "cancelled", message: "The call was cancelled." });
        throw error;
      } finally {
        running.delete(call);
        if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate();
      }
    },
    cancel: (call) => running.get(call)?.abort(),
    async room() {
      if (socket.bufferedAmount <= HIGH_WATER_BYTES) return;
      draining ??= drained();
      await draining;
    },
  };
}
