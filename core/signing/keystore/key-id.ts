import type { Ids } from "../../platform/ids.ts";

const MAX_SLUG_CHARACTERS = 32;
const RANDOM_CHARACTERS = 8;

/** `acme-dev-1f0c9a2b`: something to recognise and something to be unique by. */
export function newKeyId(subject: string, ids: Ids): string {
  const commonName = /(?:^|, |\+)CN=((?:\\.|[^,+\\])*)/.exec(subject)?.[1] ?? "";
  const slug = commonName
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_CHARACTERS)
    .replace(/^-+|-+$/g, "");
  return `${slug || "key"}-${ids.uuid().replaceAll("-", "").slice(0, RANDOM_CHARACTERS)}`;
}
