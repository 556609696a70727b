/**
 * Whether `url` lies on the origin of `ours`. What is no URL, and every opaque origin (`file:`, `data:`, `about:`),
 * is nobody's: two of them are never the same.
 */
export function isSameOrigin(url: string, ours: string | undefined): boolean {
  if (ours === undefined || !URL.canParse(url) || !URL.canParse(ours)) return false;
  const { origin } = new URL(url);
  return origin !== "null" && origin === new URL(ours).origin;
}
