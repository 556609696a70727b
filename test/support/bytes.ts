import { createHash } from "node:crypto";

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Bytes that no compressor makes smaller, and the same ones in every run. */
export function incompressible(length: number): Buffer {
  return createHash("shake256", { outputLength: length }).update("seed").digest();
}
