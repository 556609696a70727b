import { z } from "zod";
import type { TextStorage } from "../text-storage.ts";

const KEY = "workbench.project.session";
const MAX_KEPT_SESSIONS = 12;

const sessionSchema = z.object({ paths: z.array(z.string()).readonly(), active: z.string().optional() });
const keptSchema = z.record(z.string(), sessionSchema);

/** Which files of a project were open, in their order. */
type ProjectSession = z.infer<typeof sessionSchema>;

export interface ProjectSessions {
  restore(dir: string): ProjectSession;
  keep(dir: string, session: ProjectSession): void;
}

/**
 * Each tab has a list of its own, which its reload brings back. The browser remembers the one that was changed last:
 * with that a new tab begins.
 */
export function createProjectSessions(storages: {
  readonly tab: TextStorage;
  readonly browser: TextStorage;
}): ProjectSessions {
  const { tab, browser } = storages;
  return {
    restore: (dir) => all(tab)[dir] ?? all(browser)[dir] ?? { paths: [] },
    keep(dir, session) {
      for (const storage of [tab, browser]) keep(storage, dir, session);
    },
  };
}

function keep(storage: TextStorage, dir: string, session: ProjectSession): void {
  const { [dir]: _before, ...others } = all(storage);
  const entries = [[dir, session] as const, ...Object.entries(others)].slice(0, MAX_KEPT_SESSIONS);
  try {
    storage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
  } catch {
    // A full or forbidden storage costs the session's life beyond a reload, nothing more.
  }
}

function all(storage: TextStorage): Record<string, ProjectSession> {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(KEY) ?? "{}"));
  } catch {
    // Whatever is there, it is not ours or of an older page.
    return {};
  }
}
