import { ContentInfo, SignedData, type SignerInfo } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";

/** DER of a signature's PEM. */
export function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, ""), "base64");
}

/** PEM of a signature's DER, whatever it may be. */
export function cmsPem(der: Uint8Array): string {
  const lines = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CMS-----\n${lines}\n-----END CMS-----\n`;
}

/** The bytes with one of them changed. */
export function flipped(bytes: Uint8Array, at: number, mask = 0x01): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

/** The signature with its structure changed and encoded anew, as an attacker with a library would. */
export function operate(pem: string, change: (signedData: SignedData, signer: SignerInfo) => void): string {
  const contentInfo = AsnConvert.parse(derOf(pem), ContentInfo);
  const signedData = AsnConvert.parse(contentInfo.content, SignedData);
  const [signer] = signedData.signerInfos;
  if (signer === undefined) throw new Error("the signature has no signer");
  change(signedData, signer);
  contentInfo.content = AsnConvert.serialize(signedData);
  return cmsPem(new Uint8Array(AsnConvert.serialize(contentInfo)));
}
