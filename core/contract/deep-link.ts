import { z } from "zod";

/** Scheme of links that open the desktop app. */
export const DEEP_LINK_SCHEME = "workbench";

const MAX_PATH_CHARACTERS = 4_096;

/**
 * What a link may ask for: to look at a project's folder, or at the recorded call in a reproduction file. A link never
 * builds or sends anything by itself, because whoever wrote it is unknown.
 */
export const deepLinkSchema = z.strictObject({
  kind: z.enum(["project", "reproduction"]),
  /** Absolute path on this machine. */
  path: z.string().min(1).max(MAX_PATH_CHARACTERS),
});
export type DeepLink = z.infer<typeof deepLinkSchema>;
