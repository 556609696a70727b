import { DEEP_LINK_SCHEME, type DeepLink, deepLinkSchema } from "../core/contract/deep-link.ts";

const MAX_LINK_CHARACTERS = 8_192;

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
