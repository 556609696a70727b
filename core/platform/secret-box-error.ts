import { WorkbenchError } from "../contract/errors.ts";

export type SecretBoxErrorCode =
  | "box_sealed_elsewhere"
  | "box_corrupt"
  | "box_wrong_passphrase"
  | "box_key_exposed"
  | "box_key_corrupt"
  | "box_key_unusable";

/** Sealing at rest. Neither the secret nor the key ever stands in a message. */
export class SecretBoxError extends WorkbenchError<SecretBoxErrorCode> {}
