import { z } from "zod";

/** Scheme of links that open the desktop app. */
export const DEEP_LINK_SCHEME = "workbench";

const MAX_LINK_CHARACTERS = 8_192;
const MAX_PATH_CHARACTERS = 4_096;

/**
 * What a link may ask for: to look at a project's folder, or at a reproduction file. A link never does anything by
 * itself; the window asks first, because whoever wrote the link is unknown and a project runs its own build.
 */
export const deepLinkSchema = z.strictObject({
  kind: z.enum(["project", "reproduction"]),
  /** Absolute path on this machine. */
  path: z.string().min(1).max(MAX_PATH_CHARACTERS),
});
export type DeepLink = z.infer<typeof deepLinkSchema>;

/**
 * Reads `workbench://project?path=…` and `workbench://reproduction?path=…`; `undefined` for everything else.
 * Only absolute local paths: a share (`\\host\…`) would send the user's credentials to that host when it is opened.
 */
export function parseDeepLink(text: string): DeepLink | undefined {
  if (text.length > MAX_LINK_CHARACTERS || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== `${DEEP_LINK_SCHEME}:` || (url.pathname !== "" && url.pathname !== "/"))
    return undefined;
  if (url.username !== "" || url.password !== "" || url.port !== "" || url.hash !== "") return undefined;
  const names = [...url.searchParams.keys()];
  if (names.length !== 1 || names[0] !== "path") return undefined;
  const link = deepLinkSchema.safeParse({ kind: url.hostname, path: url.searchParams.get("path") });
  return link.success && isLocalAbsolute(link.data.path) ? link.data : undefined;
}

/** `/home/…` or `C:\…`; neither a share nor a device, no control characters, no way up. */
function isLocalAbsolute(path: string): boolean {
  if (/\p{Cc}/u.test(path) || !path.isWellFormed()) return false;
  if (path.split(/[\\/]/).includes("..")) return false;
  return /^\/(?![\\/])/.test(path) || /^[A-Za-z]:[\\/](?![\\/])/.test(path);
}
