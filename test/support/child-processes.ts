import { execFileSync } from "node:child_process";

/** Ids of the processes that this parent has started and whose command line names the text. POSIX only. */
export function childrenOf(parent: number, text: string): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return table
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , parentId, command]) => Number(parentId) === parent && command?.includes(text))
    .map(([, pid]) => Number(pid));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
