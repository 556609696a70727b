import type { MonotonicClock } from "./poll.ts";
import { InputStream, OutputStream } from "./streams.ts";

class TerminalInput {}
class TerminalOutput {}

export type StandardStream = "stdout" | "stderr";

/** `wasi:cli`: no environment, no arguments, no terminal, input at its end, output handed to `write`. */
export function cliInterfaces(
  clock: MonotonicClock,
  write: (stream: StandardStream, bytes: Uint8Array) => void,
) {
  return {
    environment: { getEnvironment: () => [], getArguments: () => [], initialCwd: () => undefined },
    exit: {
      exit(): never {
        throw new Error("the extension called exit");
      },
    },
    stdin: { getStdin: () => new InputStream(clock) },
    stdout: { getStdout: () => new OutputStream(clock, (bytes) => write("stdout", bytes)) },
    stderr: { getStderr: () => new OutputStream(clock, (bytes) => write("stderr", bytes)) },
    terminalInput: { TerminalInput },
    terminalOutput: { TerminalOutput },
    terminalStdin: { getTerminalStdin: () => undefined },
    terminalStdout: { getTerminalStdout: () => undefined },
    terminalStderr: { getTerminalStderr: () => undefined },
  };
}
