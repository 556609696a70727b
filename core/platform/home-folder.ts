import { mkdirSync } from "node:fs";
import { WorkbenchError } from "../contract/errors.ts";

const OWNER_ONLY = 0o700;

/** Makes the data folder, for its owner alone. One that is there keeps its rights. @throws `home_unusable` */
export function makeHomeFolder(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: OWNER_ONLY });
  } catch (error) {
    throw new WorkbenchError({
      code: "home_unusable",
      kind: "environment",
      message: `The data folder ${home} is not there and cannot be made.`,
      hint: "Give another --home, or make the folder yourself.",
      cause: error,
    });
  }
}
