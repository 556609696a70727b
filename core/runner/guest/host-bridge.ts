import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { HostOutcome } from "../capabilities/host-outcome.ts";

/** A host call as the guest makes it: it returns when the answer is there. */
export type CallHost = (name: string, fn: string, args: readonly unknown[]) => HostOutcome;

/**
 * Synchronous calls over an asynchronous channel: the worker's thread sleeps until the main thread has put its
 * reply on the port and raised the counter. A kill ends the sleep.
 */
export function createHostBridge(
  replies: MessagePort,
  signal: SharedArrayBuffer,
  post: (name: string, fn: string, args: readonly unknown[]) => void,
): CallHost {
  const counter = new Int32Array(signal);
  return (name, fn, args) => {
    const before = Atomics.load(counter, 0);
    post(name, fn, args);
    for (;;) {
      const received = receiveMessageOnPort(replies);
      if (received !== undefined) return received.message as HostOutcome; // our own main thread wrote it
      Atomics.wait(counter, 0, before);
    }
  };
}
