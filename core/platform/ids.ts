import { randomBytes, randomUUID } from "node:crypto";

/** Identity and randomness as a dependency. */
export interface Ids {
  /** A version 4 UUID. */
  uuid(): string;
  /** `bytes` random bytes as unpadded base64url. */
  token(bytes: number): string;
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  token: (bytes) => randomBytes(bytes).toString("base64url"),
};
