import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "..", "..");
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), link: z.boolean().optional() })),
});

it("locks every package to a version, those of other platforms too, so that npm ci works everywhere", () => {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const loose = Object.entries(lock.packages).filter(([, entry]) => !entry.version && !entry.link);
  expect(loose.map(([path]) => path)).toEqual([]);
});
