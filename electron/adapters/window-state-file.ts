import { readFileSync, writeFileSync } from "node:fs";
import type { WindowStateFile } from "../window-state.ts";

/** A small file in the shell's own folder. A folder that cannot be written costs the last bounds and nothing else. */
export function windowStateFile(path: string): WindowStateFile {
  return {
    read() {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
    write(text) {
      try {
        writeFileSync(path, text);
      } catch {
        // See above.
      }
    },
  };
}
