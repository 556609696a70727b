import type { Header } from "../contract/execute.ts";
import { type CredentialFacts, headerValues } from "../policy/index.ts";

/** `Bearer` and the token grammar of RFC 9110. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const MAX_KEY_CHARACTERS = 512;

export interface Credentials {
  readonly credential: CredentialFacts["credential"];
  /** Present only when `credential` is `presented`. */
  readonly key?: string;
}

/** The API key of a request, from `Authorization: Bearer` or `x-api-key`. */
export function credentialsOf(headers: readonly Header[]): Credentials {
  const keys = new Set<string>();
  for (const value of headerValues(headers, "authorization")) {
    const token = BEARER.exec(value.trim())?.[1];
    if (token === undefined) return { credential: "malformed" };
    keys.add(token);
  }
  for (const value of headerValues(headers, "x-api-key")) keys.add(value.trim());
  const [key, ...others] = keys;
  if (key === undefined) return { credential: "none" };
  if (others.length > 0) return { credential: "conflicting" };
  if (key === "" || key.length > MAX_KEY_CHARACTERS) return { credential: "malformed" };
  return { credential: "presented", key };
}
