import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../../contract/project-config.ts";
import { cancelled, ProjectError } from "../errors.ts";
import {
  COMPONENT_FILE,
  type ComponentAnswer,
  type ComponentTask,
  componentAnswerSchema,
} from "./protocol.ts";

export interface ComponentizeOptions {
  readonly engine: Engine;
  readonly source: string;
  readonly wit: string;
  readonly world: string;
  readonly signal?: AbortSignal | undefined;
  /** Longest that an engine may take, the extension's top-level code included. Default `COMPONENTIZE_TIMEOUT_MS`. */
  readonly timeoutMs?: number | undefined;
}

export interface MadeComponent {
  readonly bytes: Uint8Array;
  readonly reproducible: boolean;
}

/** A slow machine takes half a minute for the largest engine; an endless loop at top level takes for ever. */
const COMPONENTIZE_TIMEOUT_MS = 120_000;
const MAX_MESSAGE_CHARACTERS = 4_000;
const PROCESS = fileURLToPath(
  new URL(`./process${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`, import.meta.url),
);

/**
 * Makes a component in a process of its own. Throws `component_error` with the engine's message,
 * `component_timeout`, or `build_cancelled` when `signal` aborts; nothing stays behind.
 */
export async function componentize(options: ComponentizeOptions): Promise<MadeComponent> {
  if (options.signal?.aborted) throw cancelled();
  const workDir = await mkdtemp(join(tmpdir(), "workbench-component-"));
  const child = fork(PROCESS, [], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
    // Flags of this process (a debugger, a test runner's loader) are not that one's.
    execArgv: ["--no-warnings"],
  });
  try {
    const { engine, source, wit, world } = options;
    const answer = await ask(child, { engine, source, wit, world, workDir }, options);
    if (!answer.ok) throw componentError(cleaned(answer.message, workDir), options.engine);
    return {
      bytes: new Uint8Array(await readFile(join(workDir, COMPONENT_FILE))),
      reproducible: answer.reproducible,
    };
  } finally {
    await ended(child);
    await rm(workDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

function ask(
  child: ChildProcess,
  task: ComponentTask,
  options: ComponentizeOptions,
): Promise<ComponentAnswer> {
  const timeoutMs = options.timeoutMs ?? COMPONENTIZE_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => settle(() => reject(timedOut(timeoutMs, options.engine))), timeoutMs);
    const abort = () => settle(() => reject(cancelled()));
    const settle = (how: () => void) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", abort);
      how();
    };
    options.signal?.addEventListener("abort", abort, { once: true });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      said = (said + chunk).slice(-MAX_MESSAGE_CHARACTERS);
    });
    child.once("message", (message) => {
      const answer = componentAnswerSchema.safeParse(message);
      settle(() =>
        answer.success
          ? resolve(
              answer.data.ok ? answer.data : { ok: false, message: [answer.data.message, said].join("\n") },
            )
          : reject(componentError("the process answered something else", options.engine)),
      );
    });
    child.once("error", (error) => settle(() => reject(error)));
    child.once("exit", (code, signal) =>
      settle(() =>
        reject(
          componentError(
            `the process ended (${signal ?? code}) ${cleaned(said, task.workDir)}`,
            options.engine,
          ),
        ),
      ),
    );
    child.send(task);
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
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
