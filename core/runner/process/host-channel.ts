import type { HostReply, PreparationFailure, RunnerMessage } from "../../contract/runner-protocol.ts";
import type { Preparer } from "../bundles/bundle-loader.ts";
import { BundleLoadError } from "../bundles/errors.ts";
import type { HostLink, HostLinkAnswer } from "../execution/host-link.ts";

const HOST_GONE: HostLinkAnswer = { ok: false, refusal: "internal", detail: "the host does not answer" };

/** The runner's end of the IPC channel: sends messages and matches replies to calls. */
export function createHostChannel() {
  const waiting = new Map<number, (answer: HostLinkAnswer) => void>();
  let sequence = 0;

  /** Resolves when the message is on its way, or at once when there is nobody to read it. */
  function send(message: RunnerMessage): Promise<void> {
    return new Promise((resolve) => {
      if (process.send === undefined || !process.connected) resolve();
      else process.send(message, undefined, undefined, () => resolve());
    });
  }

  const link: HostLink = {
    ask(call) {
      const id = ++sequence;
      const { promise, resolve } = Promise.withResolvers<HostLinkAnswer>();
      if (!process.connected) return Promise.resolve(HOST_GONE);
      waiting.set(id, resolve);
      void send({ type: "call", id, call });
      return promise;
    },
  };

  const preparing = new Map<number, PromiseWithResolvers<void>>();
  const preparer: Preparer = {
    prepare({ contentHash, maxMemoryMb }) {
      const id = ++sequence;
      const waiting = Promise.withResolvers<void>();
      preparing.set(id, waiting);
      void send({ type: "prepare", id, content_hash: contentHash, max_memory_mb: maxMemoryMb });
      return waiting.promise;
    },
  };

  return {
    send,
    link,
    preparer,
    onPrepared(id: number, failure: PreparationFailure | undefined): void {
      const waiting = preparing.get(id);
      preparing.delete(id);
      if (failure === undefined) waiting?.resolve();
      else waiting?.reject(BundleLoadError.of(failure));
    },
    onReply(reply: HostReply): void {
      const resolve = waiting.get(reply.id);
      waiting.delete(reply.id);
      resolve?.(reply.ok ? { ok: true, value: reply.value } : reply);
    },
  };
}
