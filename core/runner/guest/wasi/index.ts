import { cliInterfaces, type StandardStream } from "./cli.ts";
import { type GuestClock, monotonicClock, wallClock } from "./clocks.ts";
import { filesystemInterfaces } from "./filesystem.ts";
import { heldBytes } from "./held-bytes.ts";
import { httpInterfaces, type WasiFetch } from "./http.ts";
import { pollInterface } from "./poll.ts";
import { type FillRandom, randomInterfaces, systemRandom } from "./random.ts";
import { InputStream, IoError, OutputStream } from "./streams.ts";
import { unavailable } from "./unavailable.ts";

const TIMEZONE = "wasi:clocks/timezone";

export type { StandardStream } from "./cli.ts";
export type { WasiFetch } from "./http.ts";

export interface WasiOptions {
  write(stream: StandardStream, bytes: Uint8Array): void;
  readonly clock: GuestClock;
  /** Default: there is no network. */
  readonly fetch?: WasiFetch;
  readonly random?: FillRandom;
}

/**
 * The part of WASI 0.2 that a component may import, by interface name without its version. Made anew for every
 * execution, so that no handle outlives one. No files, no sockets; `wasi:http` is `alga:extension/http`. A component
 * that imports anything else does not instantiate.
 */
export function createWasi(options: WasiOptions): Record<string, Record<string, unknown>> {
  const { clock } = options;
  heldBytes.reset();
  const random = randomInterfaces(options.random ?? systemRandom);
  const cli = cliInterfaces(clock, options.write);
  const filesystem = filesystemInterfaces();
  const http = httpInterfaces(options.fetch ?? noNetwork);
  return {
    "wasi:cli/environment": cli.environment,
    "wasi:cli/exit": cli.exit,
    "wasi:cli/stdin": cli.stdin,
    "wasi:cli/stdout": cli.stdout,
    "wasi:cli/stderr": cli.stderr,
    "wasi:cli/terminal-input": cli.terminalInput,
    "wasi:cli/terminal-output": cli.terminalOutput,
    "wasi:cli/terminal-stdin": cli.terminalStdin,
    "wasi:cli/terminal-stdout": cli.terminalStdout,
    "wasi:cli/terminal-stderr": cli.terminalStderr,
    "wasi:clocks/monotonic-clock": monotonicClock(clock),
    "wasi:clocks/wall-clock": wallClock(clock),
    "wasi:filesystem/preopens": filesystem.preopens,
    "wasi:filesystem/types": filesystem.types,
    "wasi:io/error": { Error: IoError },
    "wasi:io/poll": pollInterface(),
    "wasi:io/streams": { InputStream, OutputStream },
    "wasi:random/random": random.random,
    "wasi:random/insecure": random.insecure,
    "wasi:random/insecure-seed": random.insecureSeed,
    "wasi:http/types": http.types,
    "wasi:http/outgoing-handler": http.outgoingHandler,
    [TIMEZONE]: unavailable(TIMEZONE),
  };
}

function noNetwork(): never {
  throw new Error("wasi:http: there is no network");
}
