import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { HostOutcome } from "../capabilities/host-outcome.ts";
import { SIGNAL } from "./messages.ts";

// Taken while there are globals: a guest's worker is left without.
const { load, wait } = Atomics;

/** A host call as the guest makes it: it returns when the answer is there. */
export type CallHost = (name: string, fn: string, args: readonly unknown[]) => HostOutcome;

/**
 * Synchronous calls over an asynchronous channel: the worker's thread sleeps until the main thread has put its
 * reply on the port and raised the counter. A kill ends the sleep.
 */
export function createHostBridge(
  replies: MessagePort,
  signal: Int32Array,
  post: (name: string, fn: string, args: readonly unknown[]) => void,
): CallHost {
  return (name, fn, args) => {
    const before = load(signal, SIGNAL.replies);
    post(name, fn, args);
    for (;;) {
      const received = receiveMessageOnPort(replies);
      if (received !== undefined) return received.message as HostOutcome; // our own main thread wrote it
      wait(signal, SIGNAL.replies, before);
    }
  };
}
