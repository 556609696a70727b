import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../../contract/project-config.ts";
import { cancelled, ProjectError } from "../errors.ts";
import {
  type ComponentAnswer,
  type ComponentMessage,
  type ComponentTask,
  componentAnswerSchema,
} from "./protocol.ts";

/** A slow machine takes half a minute for the largest engine; an endless loop at top level takes for ever. */
const COMPONENTIZE_TIMEOUT_MS = 120_000;
const MAX_MESSAGE_CHARACTERS = 4_000;
const PROCESS = fileURLToPath(
  new URL(`./process${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`, import.meta.url),
);

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest that an engine may take, the extension's top-level code included. Default `COMPONENTIZE_TIMEOUT_MS`. */
  readonly timeoutMs?: number | undefined;
}

type Finished = Extract<ComponentAnswer, { ok: true }>;

/** One process that makes components. */
export class ComponentProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #said = "";
  #isBusy = false;

  /** @param leftovers folder that the process removes should it outlive this one */
  constructor(leftovers?: string) {
    this.#child = fork(PROCESS, leftovers === undefined ? [] : [leftovers], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
      // Flags of this process (a debugger, a test runner's loader) are not that one's.
      execArgv: ["--no-warnings"],
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", () => resolve());
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#said = (this.#said + chunk).slice(-MAX_MESSAGE_CHARACTERS);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** A task has been given and not been answered. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Nobody waits for it: an idle process does not keep its parent from ending. */
  idle(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  /** Tells the process something that is not answered. */
  tell(message: ComponentMessage): void {
    if (this.isAlive) this.#child.send(message, () => {});
  }

  /** Throws `component_error` with the engine's message, `component_timeout`, or `build_cancelled` when `signal` aborts. */
  ask(task: ComponentTask, { signal, timeoutMs = COMPONENTIZE_TIMEOUT_MS }: AskOptions): Promise<Finished> {
    const child = this.#child;
    const { engine, workDir } = task;
    this.#said = "";
    this.#isBusy = true;
    child.ref();
    child.channel?.ref();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(timedOut(timeoutMs, engine))), timeoutMs);
      const abort = () => settle(() => reject(cancelled()));
      const settle = (how: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        child.off("message", answered).off("error", failed).off("exit", ended);
        how();
      };
      const answered = (message: unknown) => {
        const answer = componentAnswerSchema.safeParse(message);
        this.#isBusy = false;
        settle(() => {
          if (!answer.success) reject(componentError("the process answered something else", engine));
          else if (answer.data.ok) resolve(answer.data);
          else reject(componentError(cleaned(`${answer.data.message}\n${this.#said}`, workDir), engine));
        });
      };
      const failed = (error: Error) => {
        // A process that has just been killed breaks the pipe before its end, which says why, is reported.
        if (isBrokenPipe(error)) void this.#gone.then(() => ended(child.exitCode, child.signalCode));
        else settle(() => reject(error));
      };
      const ended = (code: number | null, killed: NodeJS.Signals | null) =>
        settle(() =>
          reject(
            componentError(`the process ended (${killed ?? code}) ${cleaned(this.#said, workDir)}`, engine),
          ),
        );
      signal?.addEventListener("abort", abort, { once: true });
      child.on("message", answered).on("error", failed).on("exit", ended);
      child.send(task, (error) => {
        if (error) failed(error);
      });
      if (signal?.aborted) abort();
    });
  }

  /** Ends the process whatever it does. Resolves when it has gone. */
  async kill(): Promise<void> {
    if (this.#child.pid === undefined) return;
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#gone;
  }
}

function isBrokenPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === "EPIPE" || error.code === "ERR_IPC_CHANNEL_CLOSED" || error.code === "ECONNRESET";
}

/** What the author can use of an engine's message: without the toolchain's wrapping, backtraces and folders. */
function cleaned(message: string, workDir: string): string {
  return message
    .replace(/^Failed to initialize component \([^)]*\)+:\s*/, "")
    .split("\n")
    .filter(
      (line) =>
        !/^\s*(\d+:|at )?\s*(0x[0-9a-f]+ - )?<unknown>!|^\s*(Caused by:|stack backtrace:|note: )/.test(line),
    )
    .join("\n")
    .replaceAll(workDir, "")
    .replace(/^[\s:]+|\s+$/g, "")
    .slice(0, MAX_MESSAGE_CHARACTERS);
}

function componentError(reason: string, engine: Engine): ProjectError {
  return new ProjectError({
    code: "component_error",
    message: "The engine could not turn the source into a component.",
    details: { engine, reason },
    hint: "Top-level code runs while the component is made: host functions, timers and awaits belong into handler.",
  });
}

function timedOut(timeoutMs: number, engine: Engine): ProjectError {
  return new ProjectError({
    code: "component_timeout",
    message: "Making the component took too long.",
    details: { engine, allowed_ms: timeoutMs },
    hint: "Look for an endless loop in the source's top-level code, which runs while the component is made.",
  });
}
