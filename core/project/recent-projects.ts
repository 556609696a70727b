import { stat } from "node:fs/promises";
import { z } from "zod";
import type { ProjectSummary, RecentProject } from "../contract/rpc/project.ts";

const MAX_RECENT_PROJECTS = 12;
const RECENT_SETTING = "project.recent";
const OPEN_SETTING = "project.open";

const keptSchema = z.array(z.object({ dir: z.string(), name: z.string(), opened_at: z.string() }));

/** Where texts are kept by name. */
export interface ProjectSettings {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  remove(name: string): void;
}

/** Which projects were open, newest first, and which one is to be opened again at the next start. */
export interface RecentProjects {
  list(): Promise<RecentProject[]>;
  opened(project: ProjectSummary, at: Date): void;
  closed(): void;
  forget(dir: string): void;
  lastOpen(): string | undefined;
}

export function createRecentProjects(settings: ProjectSettings): RecentProjects {
  const kept = () => {
    try {
      return keptSchema.parse(JSON.parse(settings.get(RECENT_SETTING) ?? "[]"));
    } catch {
      // Written by another version: a list of conveniences is not worth a failure.
      return [];
    }
  };
  const keep = (list: z.infer<typeof keptSchema>) =>
    settings.set(RECENT_SETTING, JSON.stringify(list.slice(0, MAX_RECENT_PROJECTS)));
  return {
    list: () =>
      Promise.all(
        kept().map(async (entry) => ({
          ...entry,
          exists: (await stat(entry.dir).catch(() => undefined))?.isDirectory() ?? false,
        })),
      ),
    opened({ dir, name }, at) {
      keep([{ dir, name, opened_at: at.toISOString() }, ...kept().filter((entry) => entry.dir !== dir)]);
      settings.set(OPEN_SETTING, dir);
    },
    closed: () => settings.remove(OPEN_SETTING),
    forget: (dir) => keep(kept().filter((entry) => entry.dir !== dir)),
    lastOpen: () => settings.get(OPEN_SETTING),
  };
}
