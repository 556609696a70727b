import { z } from "zod";

/** Scheme of links that open the desktop app. */
export const DEEP_LINK_SCHEME = "workbench";

const MAX_PATH_CHARACTERS = 4_096;

/**
 * What a link may ask for: to look at a project's folder. A link never does anything by itself; the window asks first,
 * because whoever wrote the link is unknown and a project runs its own build.
 */
export const deepLinkSchema = z.strictObject({
  kind: z.literal("project"),
  /** Absolute path on this machine. */
  path: z.string().min(1).max(MAX_PATH_CHARACTERS),
});
export type DeepLink = z.infer<typeof deepLinkSchema>;
