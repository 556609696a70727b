import { type ChildProcess, execFile, spawn } from "node:child_process";
import { KIB } from "../../contract/limits.ts";
import { cancelled } from "./errors.ts";

export interface SubprocessOutcome {
  readonly exitCode: number | null;
  /** Both streams as they came, without control sequences, cut at the front. */
  readonly output: string;
}

interface SubprocessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  /** Called for each line of either stream. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Only the end of a long output is kept: that is where a failing tool says why. */
const MAX_OUTPUT_CHARACTERS = 64 * KIB;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this removes.
const CONTROL_SEQUENCES = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Runs a program to its end. Throws `build_cancelled` when `signal` aborts; the program's children die with it. */
export async function runSubprocess(options: SubprocessOptions): Promise<SubprocessOutcome> {
  if (options.signal?.aborted) throw cancelled();
  // npm is a script on Windows, which only a shell starts; no argument here comes from outside.
  const shell = process.platform === "win32" && options.command === "npm";
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a script's own children can be ended too.
    detached: process.platform !== "win32",
    windowsHide: true,
    shell,
  });
  const stop = () => endTree(child);
  options.signal?.addEventListener("abort", stop, { once: true });
  let output = "";
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        let rest = "";
        stream?.setEncoding("utf8").on("data", (chunk: string) => {
          const clean = chunk.replaceAll(CONTROL_SEQUENCES, "");
          output = (output + clean).slice(-MAX_OUTPUT_CHARACTERS);
          const lines = (rest + clean).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) options.onLine?.(line);
        });
      }
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (options.signal?.aborted) throw cancelled();
    return { exitCode, output };
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

/** Ends a process and everything that it started. */
export function endTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  if (process.platform === "win32") {
    execFile("taskkill", ["/pid", String(child.pid), "/T", "/F"], () => {});
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}
