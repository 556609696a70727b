import type { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { type AsnType, Constructed, fromBER, Integer, Sequence } from "asn1js";
import { unsupportedKeyFormat } from "./private-key.ts";

/** Rounds of key derivation: a few seconds. A file may ask for 2^31, which would be an hour. */
const MAX_DERIVATION_ROUNDS = 10_000_000;
/** Rounds of a PKCS #12 MAC, which are dearer. */
const MAX_MAC_ROUNDS = 1_000_000;

/** Refuses a passphrase-based algorithm whose parameters (rounds, scrypt's costs) ask for unbearable work. */
export function requireBearableWork({ parameters }: AlgorithmIdentifier): void {
  if (parameters && largestInteger(fromBER(parameters).result) > MAX_DERIVATION_ROUNDS) throw tooMuchWork();
}

export function requireBearableMac(iterations: number): void {
  if (!(iterations >= 0 && iterations <= MAX_MAC_ROUNDS)) throw tooMuchWork();
}

function largestInteger(node: AsnType): number {
  if (node instanceof Integer) return Number(node.toBigInt());
  if (!(node instanceof Sequence || node instanceof Constructed)) return 0;
  return Math.max(0, ...node.valueBlock.value.map(largestInteger));
}

function tooMuchWork() {
  return unsupportedKeyFormat("it asks for more rounds of passphrase derivation than the workbench will do");
}
