import type { Attribute } from "@peculiar/asn1-cms";
import { AsnConvert, AsnSerializer } from "@peculiar/asn1-schema";
import { Set as Asn1Set } from "asn1js";

/** Attributes in the order that DER demands of a SET OF: by their encodings. */
export function inDerOrder<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, der: Buffer.from(AsnConvert.serialize(item)) }))
    .sort((a, b) => Buffer.compare(a.der, b.der))
    .map(({ item }) => item);
}

/**
 * What a CMS signature with signed attributes covers: their DER as a SET OF (RFC 5652, 5.4), whatever order they
 * stand in. OpenSSL does the same on both sides.
 */
export function signedAttributesDer(attributes: readonly Attribute[]): Uint8Array {
  const value = inDerOrder(attributes).map((attribute) => AsnSerializer.toASN(attribute));
  return new Uint8Array(new Asn1Set({ value }).toBER());
}
