import { stat } from "node:fs/promises";
import { join } from "node:path";

interface Stamp {
  readonly mtimeMs: number;
  readonly size: number;
}

/** Tells the echo of the window's own writes, which a watcher reports late, from what others changed. */
export interface OwnWrites {
  remember(root: string, path: string): Promise<void>;
  /** The paths whose files are not as the window's own last write left them. */
  without(root: string, paths: readonly string[]): Promise<string[]>;
}

export function createOwnWrites(): OwnWrites {
  /** `undefined`: the window has removed it. */
  const stamps = new Map<string, Stamp | undefined>();
  const stampOf = async (file: string): Promise<Stamp | undefined> => {
    const found = await stat(file).catch(() => undefined);
    return found ? { mtimeMs: found.mtimeMs, size: found.size } : undefined;
  };
  return {
    async remember(root, path) {
      const file = join(root, path);
      stamps.set(file, await stampOf(file));
    },
    async without(root, paths) {
      const judged = await Promise.all(
        paths.map(async (path) => {
          const file = join(root, path);
          if (!stamps.has(file)) return [path];
          const own = stamps.get(file);
          const now = await stampOf(file);
          return now?.mtimeMs === own?.mtimeMs && now?.size === own?.size ? [] : [path];
        }),
      );
      return judged.flat();
    },
  };
}
