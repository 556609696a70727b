import { type LivePosition, positionText } from "../../contract/live-stream.ts";
import { gapFrame } from "./live-entry.ts";

/** What one reader may leave lying; beyond, it is told what it missed. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** A quiet stream says this often that it lives, so that both ends notice a dead connection. */
const HEARTBEAT_MS = 15_000;

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(": alive\n\n");

/** What waits for one reader: never more than so many bytes, whatever the writers do. */
export class LiveReader {
  readonly #waiting: Uint8Array[] = [];
  #bytes = 0;
  #at: LivePosition;
  #gap: { readonly from: LivePosition; missed: number } | undefined;
  #wake: (() => void) | undefined;

  constructor(at: LivePosition) {
    this.#at = at;
  }

  /** @param at where the reader stands after these `events` events */
  offer(frames: Uint8Array, events: number, at: LivePosition): void {
    const isFull = this.#bytes > 0 && this.#bytes + frames.byteLength > MAX_WAITING_BYTES;
    if (this.#gap === undefined && isFull) this.#gap = { from: this.#at, missed: 0 };
    if (this.#gap === undefined) {
      this.#waiting.push(frames);
      this.#bytes += frames.byteLength;
    } else this.#gap.missed += events;
    this.#at = at;
    this.#wake?.();
  }

  /** The next frames, waited for; a sign of life when none come; `undefined` when the signal aborts. */
  async next(signal: AbortSignal): Promise<Uint8Array | undefined> {
    const ready = this.#take();
    if (ready !== undefined) return ready;
    await this.#woken(signal);
    if (signal.aborted) return undefined;
    return this.#take() ?? HEARTBEAT;
  }

  #take(): Uint8Array | undefined {
    const frames = this.#waiting.shift();
    if (frames !== undefined) {
      this.#bytes -= frames.byteLength;
      return frames;
    }
    if (this.#gap === undefined) return undefined;
    const { from, missed } = this.#gap;
    this.#gap = undefined;
    return encoder.encode(
      gapFrame({ from: positionText(from), to: positionText(this.#at), missed }, this.#at),
    );
  }

  #woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, HEARTBEAT_MS);
      timer.unref();
      this.#wake = done;
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    });
  }
}
