import { z } from "zod";

/** One thing wrong with a JSON file that a person wrote, with the place to go and mend it. */
export const documentProblemSchema = z.object({
  file: z.string().optional(),
  /** JSON path: `$`, `$.api.endpoints[1].method`. */
  path: z.string(),
  /** Both from 1; columns in UTF-16 units, as editors count. */
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  message: z.string(),
  expected: z.string().optional(),
  found: z.string().optional(),
  code: z.string().optional(),
});
export type DocumentProblem = z.infer<typeof documentProblemSchema>;
