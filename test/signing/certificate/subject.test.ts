import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSubject } from "../../../core/signing/certificate/subject.ts";
import { escapeValue, formatName } from "../../../core/signing/x509/name.ts";

describe("a subject", () => {
  it.each([
    ["CN=Acme Dev, O=Acme", "CN=Acme Dev, O=Acme"],
    ["O=Acme;CN=Acme Dev", "O=Acme, CN=Acme Dev"],
    ["cn=acme,emailAddress=dev@acme.example", "CN=acme, E=dev@acme.example"],
    ["CN=Acme\\, Inc.,O=Acme", "CN=Acme\\, Inc., O=Acme"],
    ['CN="Acme, Inc.",C=DE', "CN=Acme\\, Inc., C=DE"],
    ["CN=M\\C3\\BCller", "CN=Müller"],
    ["CN=Acme+UID=42", "CN=Acme+UID=42"],
    ["CN=a\\=b,1.2.3.4=x", "CN=a\\=b, 1.2.3.4=x"],
  ])("%s is read as %s", (text, shown) => {
    expect(formatName(parseSubject(text))).toBe(shown);
  });

  it.each([
    "",
    "Acme",
    "CN",
    "CN=",
    "CN= ",
    "O=Acme",
    "CN=a,CN=b",
    "CN=a,,O=b",
    "CN=a,",
    "XX=1,CN=a",
    "/CN=Acme",
    "CN=Acme, Inc",
    "CN=a,C=Germany",
    "CN=a,C=de",
    "CN=a,E=ü@x",
    'CN="a',
    'CN=a"b',
    "CN=a\\",
    "CN=a\u0000b",
    "CN=a\u202eb",
    "CN=a\\0Ab",
    "CN=\\FF",
    `CN=${"x".repeat(65)}`,
    `CN=a${",OU=b".repeat(12)}`,
  ])("%j is refused", (text) => {
    expect(() => parseSubject(text)).toThrow(expect.objectContaining({ code: "bad_subject" }));
  });

  it("survives being shown and read again, whatever the name", () => {
    const names = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" });
    const plain = names.filter(
      (name) => !/[\p{C}\p{Zl}\p{Zp}\uFFFD]/u.test(name) && name.trim() === name && [...name].length <= 64,
    );
    fc.assert(
      fc.property(plain, (name) => {
        const shown = formatName(parseSubject(`CN=${escapeValue(name)}`));
        expect(shown).toBe(`CN=${escapeValue(name)}`);
      }),
    );
  });
});
