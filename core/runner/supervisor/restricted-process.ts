import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { z } from "zod";
import { RunnerError } from "../errors.ts";

export interface RestrictedProcessOptions<Message> {
  /** For Node: its permission flags and the entry. */
  readonly arguments: readonly string[];
  /** Node, or Electron with `ELECTRON_RUN_AS_NODE` in `extraEnv`. */
  readonly execPath: string;
  readonly extraEnv: Readonly<Record<string, string>>;
  /** The process meets untrusted bytes: what it says is checked like anything from outside. */
  readonly messages: z.ZodType<Message>;
  onMessage(message: Message): void;
  /** What the process prints: its own diagnostics, never an extension's words. */
  onOutput(text: string): void;
}

/** Windows programs do not start without it. */
const PLATFORM_VARIABLES = ["SystemRoot"];

/** One process of this product's own code under Node's permission flags, from its start to its end. */
export class RestrictedProcess<Message, Command extends object> {
  readonly #child: ChildProcess;
  readonly startedAt = new Date();
  readonly #since = performance.now();
  /** Resolves with a description when the process has ended and everything that it sent was read. */
  readonly ended: Promise<string>;

  constructor(options: RestrictedProcessOptions<Message>) {
    this.#child = spawn(options.execPath, options.arguments, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
      windowsHide: true,
      env: {
        ...Object.fromEntries(
          PLATFORM_VARIABLES.flatMap((name) => {
            const value = process.env[name];
            return value === undefined ? [] : [[name, value]];
          }),
        ),
        ...options.extraEnv,
      },
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => options.onOutput(chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => options.onOutput(chunk.toString()));
    this.#child.on("message", (message) => {
      const parsed = options.messages.safeParse(message);
      if (parsed.success) options.onMessage(parsed.data);
      else options.onOutput("a malformed message");
    });
    this.ended = endOf(this.#child);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Milliseconds since the start. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /** False as soon as the channel has closed, a moment before the end is known. */
  get connected(): boolean {
    return this.#child.connected;
  }

  /** Does nothing when the process has gone. */
  send(message: Command): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    // `close` comes after the last output and message; `error` instead when the program cannot be started.
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
  } catch (error) {
    return `could not be started (${error instanceof Error && "code" in error ? String(error.code) : "unknown"})`;
  }
}

export function startFailed(message: string): RunnerError {
  return new RunnerError({
    code: "runner_start_failed",
    kind: "environment",
    message,
    hint: "See the log for what the runner printed; check that its port is free.",
  });
}
