import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { buffer } from "node:stream/consumers";
import { validateDocument } from "../bundle/index.ts";
import { WorkbenchError } from "../contract/errors.ts";
import { MAX_REPRODUCTION_BYTES, type Reproduction, reproductionSchema } from "../contract/reproduction.ts";

export class ReproductionFileError extends WorkbenchError<
  "reproduction_unreadable" | "reproduction_too_large" | "reproduction_invalid"
> {}

/** So many problems say enough of a file that somebody else wrote. */
const MAX_PROBLEMS = 20;

/** Reads a reproduction from text that may hold anything. @throws ReproductionFileError */
export function readReproduction(text: string): Reproduction {
  if (Buffer.byteLength(text) > MAX_REPRODUCTION_BYTES) throw tooLarge(Buffer.byteLength(text));
  const { value, problems } = validateDocument(text, reproductionSchema, {
    maxBytes: MAX_REPRODUCTION_BYTES,
  });
  if (value !== undefined) return value;
  throw new ReproductionFileError({
    code: "reproduction_invalid",
    message: "This is no reproduction file of the Extension Workbench.",
    details: { problems: problems.slice(0, MAX_PROBLEMS) },
    hint: "Save one from an execution, or with workbench executions export ID --reproduction.",
  });
}

/** The same from a file. Only plain files are read: a device or a pipe might never end. @throws ReproductionFileError */
export async function readReproductionFile(path: string): Promise<Reproduction> {
  if (!isAbsolute(path)) throw unreadable("The path is not a whole one.");
  // Without waiting: a pipe that nobody writes to would keep it for ever. Windows has neither.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) => {
    throw unreadable("The file does not exist or may not be read.", cause);
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw unreadable("There is no file at this path.");
    if (info.size > MAX_REPRODUCTION_BYTES) throw tooLarge(info.size);
    // A byte more than is taken, in case that the file grows meanwhile.
    const bytes = await buffer(file.createReadStream({ end: MAX_REPRODUCTION_BYTES, autoClose: false }));
    return readReproduction(bytes.toString());
  } finally {
    await file.close();
  }
}

function tooLarge(actual: number): ReproductionFileError {
  return new ReproductionFileError({
    code: "reproduction_too_large",
    message: "The file is larger than any reproduction.",
    details: { expected: `at most ${MAX_REPRODUCTION_BYTES} bytes`, actual },
  });
}

function unreadable(message: string, cause?: unknown): ReproductionFileError {
  return new ReproductionFileError({
    code: "reproduction_unreadable",
    message,
    hint: "Name a file that this machine's workbench can read, or drop it onto the request.",
    ...(cause === undefined ? {} : { cause }),
  });
}
