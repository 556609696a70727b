import { MIB } from "../../../contract/limits.ts";
import { TooMuchLifted } from "../../component/index.ts";

/** Of headers and bodies that one execution makes, whether or not it drops them again. */
const MAX_HELD_BYTES = 128 * MIB;
const ENTRY_OVERHEAD_BYTES = 128;

/**
 * What the messages of a guest hold lies outside its memory and outside its thread's heap, where nothing else bounds it.
 * One for the thread, which has one execution at a time: the classes of messages are linked once and know none.
 */
class HeldBytes {
  #bytes = 0;

  /** @throws TooMuchLifted */
  take(bytes: number): void {
    this.#bytes += bytes + ENTRY_OVERHEAD_BYTES;
    if (this.#bytes > MAX_HELD_BYTES) throw new TooMuchLifted();
  }

  /** At the beginning of an execution. */
  reset(): void {
    this.#bytes = 0;
  }
}

export const heldBytes = new HeldBytes();
