import { EncryptedContentInfo } from "@peculiar/asn1-cms";
import { AsnProp, AsnPropTypes } from "@peculiar/asn1-schema";

export const OID_DATA = "1.2.840.113549.1.7.1";
export const OID_ENCRYPTED_DATA = "1.2.840.113549.1.7.6";

/** CMS EncryptedData (RFC 5652, 8), which holds the certificates of a PKCS #12 file. */
export class EncryptedContent {
  version = 0;
  encryptedContentInfo = new EncryptedContentInfo();
}
// Decorators are applied as calls, because types are stripped and not compiled.
AsnProp({ type: AsnPropTypes.Integer })(EncryptedContent.prototype, "version");
AsnProp({ type: EncryptedContentInfo })(EncryptedContent.prototype, "encryptedContentInfo");
