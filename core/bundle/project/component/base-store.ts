import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ComponentWorld } from "./protocol.ts";

/** Files that the components of one world share, kept on disk so that they outlive the process that made them. */
export class BaseStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names a world. Toolchains are not part of it: a store lives no longer than the program that uses it. */
  static key({ engine, wit, world }: ComponentWorld): string {
    return createHash("sha256")
      .update(JSON.stringify([engine, world, wit]))
      .digest("hex");
  }

  async read(world: ComponentWorld): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
    const folder = join(this.#folder, BaseStore.key(world));
    const names = await readdir(folder).catch(() => undefined);
    if (names === undefined) return undefined;
    const files = names.map(
      async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const,
    );
    return new Map(await Promise.all(files));
  }

  /** Complete or not at all: the process may be killed at any time. */
  async write(world: ComponentWorld, files: Record<string, Uint8Array>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const staging = await mkdtemp(join(this.#folder, "staging-"));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(staging, name), bytes);
    try {
      await rename(staging, join(this.#folder, BaseStore.key(world)));
    } catch {
      // Another task was first, with the same files.
      await rm(staging, { recursive: true, force: true });
    }
  }
}
