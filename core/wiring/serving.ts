import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Beside the database, in a folder that only its owner may enter. */
const FILE = "serving.json";
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const MAX_FILE_BYTES = 4_096;

const servingSchema = z.object({
  /** Loopback only: the token must never be sent anywhere else, whoever wrote the file. */
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/),
  token: z.string().min(16),
  pid: z.number().int().positive(),
  /** Of the runner; no token is sent there. */
  runner_url: z.url({ protocol: /^https?$/ }).optional(),
});

/** The host that serves a home now: where it is, and what opens it. */
export type Serving = z.infer<typeof servingSchema>;

/** Tells the commands of this home where its host is. The answer takes it back. */
export function announceServing(home: string, serving: Serving): () => void {
  const path = join(home, FILE);
  const staged = `${path}.${randomUUID()}`;
  writeFileSync(staged, JSON.stringify(serving), { mode: OWNER_ONLY, flag: "wx" });
  renameSync(staged, path);
  return () => {
    // Another host of the same home may have taken the place.
    if (readServing(path)?.token === serving.token) rmSync(path, { force: true });
  };
}

/** `undefined` when no host serves this home, or when others could have written or read what says so. */
export function findServing(home: string): Serving | undefined {
  const serving = readServing(join(home, FILE));
  return serving !== undefined && isAlive(serving.pid) ? serving : undefined;
}

function readServing(path: string): Serving | undefined {
  try {
    const found = statSync(path);
    const isOurs =
      process.platform === "win32" || (found.uid === process.getuid?.() && (found.mode & OTHERS) === 0);
    if (!found.isFile() || !isOurs || found.size > MAX_FILE_BYTES) return undefined;
    return servingSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
