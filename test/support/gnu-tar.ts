import { spawnSync } from "node:child_process";

/** Whether `tar` is GNU tar; macOS and Windows ship bsdtar, which has other options. */
export function hasGnuTar(): boolean {
  return spawnSync("tar", ["--version"], { encoding: "utf8" }).stdout?.includes("GNU tar") ?? false;
}

export const NEEDS_GNU_TAR = "needs GNU tar, which is not the tar of this machine";
