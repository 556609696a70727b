import { PassThrough, Readable, Writable } from "node:stream";
import { run } from "../../core/cli/run.ts";

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document of `--json`. Throws when standard output is not exactly one. */
  json(): unknown;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly home: string;
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Runs a command in this process, as `main.ts` would: the same parser, the same core, streams of its own. */
export async function workbench(args: readonly string[], options: CommandOptions): Promise<CommandOutcome> {
  const stdout = new Capture();
  const stderr = new Capture();
  const stdin = options.stdin === undefined ? new PassThrough() : Readable.from([options.stdin]);
  const code = await run([...args, "--home", options.home], {
    stdin,
    stdout,
    stderr,
    cwd: options.cwd,
    env: options.env ?? {},
    platform: process.platform,
    interrupted: options.signal ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text, stderr: stderr.text, json: () => JSON.parse(stdout.text) };
}

class Capture extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
}
