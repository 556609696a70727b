import { stat } from "node:fs/promises";
import { isDirectory } from "./project-files.ts";

interface KnownComponent {
  /** Names everything that the component was made of. */
  readonly key: string;
  readonly reproducible: boolean;
  /** Of the file that was written; another one is not ours. */
  readonly stamp: string;
}

/** What the builds before left in a project's `dist/`, and what they made it of. */
export class BuildMemory {
  readonly #components = new Map<string, KnownComponent>();
  readonly #uis = new Map<string, string>();

  /** The component in `file` when it was made of exactly this and is still there untouched. */
  async component(dir: string, key: string, file: string): Promise<{ reproducible: boolean } | undefined> {
    const known = this.#components.get(dir);
    return known?.key === key && known.stamp === (await stampOf(file)) ? known : undefined;
  }

  async rememberComponent(
    dir: string,
    made: { readonly key: string; readonly reproducible: boolean; readonly file: string },
  ): Promise<void> {
    const stamp = await stampOf(made.file);
    if (stamp !== undefined)
      this.#components.set(dir, { key: made.key, reproducible: made.reproducible, stamp });
  }

  /** The folder that the project's UI script wrote when it ran over these very inputs is still there. */
  async hasUi(dir: string, inputs: string, output: string): Promise<boolean> {
    return this.#uis.get(dir) === inputs && (await isDirectory(output));
  }

  rememberUi(dir: string, inputs: string): void {
    this.#uis.set(dir, inputs);
  }

  /** The script is about to run, and may end half-way. */
  forgetUi(dir: string): void {
    this.#uis.delete(dir);
  }
}

async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? `${found.ino}:${found.size}:${found.mtimeMs}` : undefined;
}
