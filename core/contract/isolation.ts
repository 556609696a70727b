import { z } from "zod";

/**
 * How an invocation comes by the pristine state: the last instance put back to it, or a new instance every time.
 * Neither leaves anything behind.
 */
export const isolationSchema = z.enum(["restore", "strict"]);
export type Isolation = z.infer<typeof isolationSchema>;
