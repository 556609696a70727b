import { z } from "zod";

/** Kinds of signing keys that the workbench makes and takes in. */
export const KEY_ALGORITHMS = ["rsa-3072", "rsa-4096", "ecdsa-p256", "ecdsa-p384", "ed25519"] as const;

export const keyAlgorithmSchema = z.enum(KEY_ALGORITHMS);
export type KeyAlgorithm = z.infer<typeof keyAlgorithmSchema>;
