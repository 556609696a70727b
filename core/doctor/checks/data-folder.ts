import { randomUUID } from "node:crypto";
import { rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GIB } from "../../contract/limits.ts";
import { makeHomeFolder } from "../../platform/home-folder.ts";
import type { Check } from "../check.ts";

const LOW_SPACE_BYTES = 1 * GIB;

export const dataFolderCheck: Check = {
  name: "data_folder",
  async run({ environment: { home } }) {
    const probe = join(home, `.doctor-${randomUUID()}`);
    try {
      makeHomeFolder(home);
      await writeFile(probe, "");
      await rm(probe);
    } catch {
      return {
        status: "fail",
        detail: `${home} cannot be written`,
        fix: "Give the folder to your user, or name another with --home or WORKBENCH_HOME.",
      };
    }
    const { mode } = await stat(home);
    if (process.platform !== "win32" && (mode & 0o022) !== 0) {
      return {
        status: "warn",
        detail: `${home} can be written by other users of this machine`,
        fix: `Run: chmod go-w ${home}`,
      };
    }
    const { bavail, bsize } = await statfs(home);
    const free = bavail * bsize;
    return free < LOW_SPACE_BYTES
      ? {
          status: "warn",
          detail: `${home} has ${Math.round(free / 1024 / 1024)} MiB left`,
          fix: "Free some disk space.",
        }
      : { status: "pass", detail: home };
  },
};
