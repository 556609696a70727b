/** The memory that a guest shares with its host while it is initialised. */
export interface GuestMemory {
  view(): DataView;
  /** Room for so many bytes, which the guest then owns. */
  allocate(bytes: number): number;
}

type Value = number | bigint;
type HostFunction = (guest: GuestMemory, values: readonly Value[]) => Value | undefined;

/** 2020-01-01T00:00:00Z in seconds, as in `initialiser-program.ts`. */
const STANDING_CLOCK_S = 1_577_836_800n;
const NANOSECONDS_OFFSET = 8;
/** A standard stream takes so much at once: what the initialiser prints goes nowhere. */
const STREAM_BYTES = 65_536n;
const PAYLOAD_OFFSET = 8;
const WORD_BYTES = 4;
const NOTHING = 0;

/**
 * What an initialiser is given of WASI: a clock that stands still, the same bytes for entropy on every run, no
 * environment, no files, and streams that lead nowhere. Anything else fails, and says where it belongs.
 */
export function hostFunction(from: string, name: string, guest: GuestMemory): CallableFunction {
  const known = HOST[`${from.replace(/@.*$/, "")} ${name}`];
  return known
    ? (...values: Value[]) => known(guest, values)
    : () => {
        throw new Error(
          `${from} ${name} was called while the component was made; host functions work only inside handler`,
        );
      };
}

const HOST: Record<string, HostFunction> = {
  // The adapter between two versions of WASI takes no part, so that its state stays as it is.
  "wasi_snapshot_preview1 reset_adapter_state": () => undefined,
  "wasi:clocks/monotonic-clock resolution": () => 1n,
  "wasi:clocks/wall-clock resolution"(guest, values) {
    const view = guest.view();
    view.setBigUint64(resultOf(values), STANDING_CLOCK_S, true);
    view.setUint32(resultOf(values) + NANOSECONDS_OFFSET, 0, true);
    return undefined;
  },
  "wasi:random/random get-random-bytes"(guest, values) {
    const length = Number(values[0]);
    const start = guest.allocate(length);
    const view = guest.view();
    // Not zero: an engine may take an all-zero seed for a broken source and ask for ever.
    for (let at = 0; at < length; at += 1) view.setUint8(start + at, (at * 97 + 13) & 0xff);
    view.setUint32(resultOf(values), start, true);
    view.setUint32(resultOf(values) + WORD_BYTES, length, true);
    return undefined;
  },
  "wasi:cli/environment get-environment": emptyList,
  "wasi:filesystem/preopens get-directories": emptyList,
  "wasi:cli/stdin get-stdin": () => 0,
  "wasi:cli/stdout get-stdout": () => 1,
  "wasi:cli/stderr get-stderr": () => 2,
  "wasi:cli/terminal-stdin get-terminal-stdin": nothing,
  "wasi:cli/terminal-stdout get-terminal-stdout": nothing,
  "wasi:cli/terminal-stderr get-terminal-stderr": nothing,
  "wasi:io/streams [method]output-stream.check-write"(guest, values) {
    guest.view().setBigUint64(resultOf(values) + PAYLOAD_OFFSET, STREAM_BYTES, true);
    return nothing(guest, values);
  },
  "wasi:io/streams [method]output-stream.write": nothing,
  "wasi:io/streams [method]output-stream.blocking-flush": nothing,
  "wasi:io/streams [resource-drop]output-stream": () => undefined,
  "wasi:io/streams [resource-drop]input-stream": () => undefined,
};

/** Results go to the address that is the last argument. */
const resultOf = (values: readonly Value[]): number => Number(values.at(-1));

/** An option without a value, and a result without an error, are both a zero. */
function nothing(guest: GuestMemory, values: readonly Value[]): undefined {
  guest.view().setUint8(resultOf(values), NOTHING);
}

function emptyList(guest: GuestMemory, values: readonly Value[]): undefined {
  guest.view().setBigUint64(resultOf(values), 0n, true);
}
