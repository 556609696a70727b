import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "core", "cli", "main.ts");

export interface CliProcess {
  readonly pid: number;
  /** Everything on standard output so far. */
  stdout(): string;
  /** The next line of standard output. Both reject when the process ends first. */
  answer(): Promise<string>;
  /** The next line of standard error that matches; those before it are passed over. */
  progress(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code and signal. */
  ended(): Promise<[number | null, NodeJS.Signals | null]>;
}

/** The command line as a process of its own, started in the repository as npm starts it; ends with the test. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): CliProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const answers = new Lines(createInterface({ input: child.stdout }));
  const progress = new Lines(createInterface({ input: child.stderr }));
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString("utf8");
  });
  const ended = endOf(child);
  void ended.then(() => {
    answers.end();
    progress.end();
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => printed,
    answer: () => answers.next(/^/),
    progress: (pattern) => progress.next(pattern),
    kill: (signal) => void child.kill(signal),
    ended: () => ended,
  };
}

async function endOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  // "close" and not "exit": by then everything that it printed has been read.
  const [code, signal] = await once(child, "close");
  return [code, signal];
}

/** The lines of one stream, each handed out once. */
class Lines {
  readonly #unread: string[] = [];
  #seen = "";
  #isOver = false;
  #wake: () => void = () => {};

  constructor(source: Interface) {
    source.on("line", (line) => {
      this.#unread.push(line);
      this.#seen += `${line}\n`;
      this.#wake();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async next(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.#unread.shift();
      if (line !== undefined && pattern.test(line)) return line;
      if (line !== undefined) continue;
      if (this.#isOver) throw new Error(`The process ended before it said ${pattern}:\n${this.#seen}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
