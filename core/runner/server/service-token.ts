import { hash, timingSafeEqual } from "node:crypto";

const BEARER = /^Bearer +(\S.*)$/i;

/** Compares `Authorization: Bearer …` with the service token, in a time that tells nothing of either. */
export function createTokenCheck(serviceToken: string): (authorization: string | undefined) => boolean {
  const expected = digest(serviceToken);
  return (authorization) => {
    const given = BEARER.exec(authorization ?? "")?.[1];
    return timingSafeEqual(digest(given ?? ""), expected) && given !== undefined;
  };
}

/** Equal lengths are what the comparison needs, whatever was sent. */
function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
