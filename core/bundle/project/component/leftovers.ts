import { rmSync } from "node:fs";

/** What a parent that was killed has left: nobody else will ever look for it. */
export function removeLeftovers(folder: string | undefined): void {
  if (folder === undefined) return;
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The system's own cleaning of its temporary folder is next.
  }
}
