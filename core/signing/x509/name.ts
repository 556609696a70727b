import type { Name } from "@peculiar/asn1-x509";

/** Attribute types with the short names that people and OpenSSL write. */
export const NAME_ATTRIBUTES: Readonly<Record<string, string>> = {
  CN: "2.5.4.3",
  SN: "2.5.4.4",
  SERIALNUMBER: "2.5.4.5",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  STREET: "2.5.4.9",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  T: "2.5.4.12",
  GN: "2.5.4.42",
  UID: "0.9.2342.19200300.100.1.1",
  DC: "0.9.2342.19200300.100.1.25",
  E: "1.2.840.113549.1.9.1",
};

const SHORT_NAMES = new Map(Object.entries(NAME_ATTRIBUTES).map(([short, oid]) => [oid, short]));
/** A name is shown in reports and lists: a certificate must not fill them. */
const MAX_SHOWN_CHARACTERS = 400;

/**
 * `CN=Acme Dev, O=Acme`, in the order of the encoding. Names are chosen by strangers: separators are escaped as in
 * RFC 4514, and control and formatting characters are written as escapes, so that a name cannot imitate another.
 */
export function formatName(name: Name): string {
  const shown = [...name]
    .map((rdn) =>
      [...rdn]
        .map(({ type, value }) => `${SHORT_NAMES.get(type) ?? type}=${escapeValue(value.toString())}`)
        .join("+"),
    )
    .join(", ");
  return shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown;
}

/** Escapes one attribute value for `formatName`. */
export function escapeValue(value: string): string {
  return value
    .replace(/[\\",+;<>=]/g, "\\$&")
    .replace(/^[ #]|\s$/g, "\\$&")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
