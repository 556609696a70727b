import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from "@peculiar/asn1-x509";
import { SigningError } from "../errors.ts";
import { NAME_ATTRIBUTES } from "../x509/name.ts";

/** Other spellings of `NAME_ATTRIBUTES`, in capitals. */
const ALIASES: Readonly<Record<string, string>> = {
  EMAILADDRESS: "E",
  EMAIL: "E",
  S: "ST",
  TITLE: "T",
  GIVENNAME: "GN",
  SURNAME: "SN",
};
/** Characters per value (the upper bounds of X.520); two letters for a country. */
const MAX_VALUE_CHARACTERS = 64;
const MAX_ATTRIBUTES = 12;
const OBJECT_IDENTIFIER = /^[0-2](\.(0|[1-9]\d{0,9})){1,15}$/;
const HEX_PAIR = /^[0-9a-fA-F]{2}/;

/**
 * Reads a distinguished name as people write it: `CN=Acme Dev, O=Acme`, values escaped with `\` or in double
 * quotes, several attributes of one level joined with `+`. The order is kept. Throws `SigningError` `bad_subject`.
 */
export function parseSubject(text: string): Name {
  const levels = split(text, ",;").map((level) => split(level, "+").map(readAttribute));
  const attributes = levels.flat();
  if (attributes.length > MAX_ATTRIBUTES) throw badSubject(`it has more than ${MAX_ATTRIBUTES} attributes`);
  const commonNames = attributes.filter(({ type }) => type === NAME_ATTRIBUTES.CN);
  if (commonNames.length !== 1) throw badSubject("it must have exactly one CN (common name)");
  return new Name(levels.map((level) => new RelativeDistinguishedName(level)));
}

/** Splits at unescaped, unquoted separators. */
function split(text: string, separators: string): string[] {
  const parts = [""];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") {
      parts.push(`${parts.pop()}${text.slice(at, at + 2)}`);
      at += 1;
    } else if (!quoted && separators.includes(character)) {
      parts.push("");
    } else {
      if (character === '"') quoted = !quoted;
      parts.push(`${parts.pop()}${character}`);
    }
  }
  if (quoted) throw badSubject("a double quote is not closed");
  return parts;
}

function readAttribute(text: string): AttributeTypeAndValue {
  const equals = text.indexOf("=");
  if (equals < 0) throw badSubject("every part must read TYPE=value");
  const name = text.slice(0, equals).trim();
  const short = ALIASES[name.toUpperCase()] ?? name.toUpperCase();
  const type = NAME_ATTRIBUTES[short] ?? (OBJECT_IDENTIFIER.test(name) ? name : undefined);
  if (type === undefined) {
    throw badSubject(`an attribute type is not one of ${Object.keys(NAME_ATTRIBUTES).join(", ")}`);
  }
  const value = unescapeValue(text.slice(equals + 1).trim());
  const problem = valueProblem(short, value);
  if (problem !== undefined) throw badSubject(`the value of ${short} ${problem}`);
  return new AttributeTypeAndValue({ type, value: encodeValue(short, value) });
}

function unescapeValue(raw: string): string {
  const text = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw;
  const bytes: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    if (!rest.startsWith("\\")) {
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      if (character === '"') throw badSubject('a double quote stands inside a value; write it as \\"');
      bytes.push(Buffer.from(character));
      at += character.length;
      continue;
    }
    const hex = HEX_PAIR.exec(rest.slice(1))?.[0];
    if (rest.length < 2) throw badSubject("it ends in a lone backslash");
    bytes.push(hex === undefined ? Buffer.from(rest.charAt(1)) : Buffer.from(hex, "hex"));
    at += hex === undefined ? 2 : 3;
  }
  return Buffer.concat(bytes).toString("utf8");
}

function valueProblem(short: string, value: string): string | undefined {
  if (value === "") return "is empty";
  if ([...value].length > MAX_VALUE_CHARACTERS) return `is longer than ${MAX_VALUE_CHARACTERS} characters`;
  if (/[\p{C}\p{Zl}\p{Zp}\uFFFD]/u.test(value)) return "has a control or invalid character";
  if (short === "C" && !/^[A-Z]{2}$/.test(value)) return "must be two capital letters";
  if ((short === "E" || short === "DC") && !/^[\x21-\x7e]+$/.test(value)) return "must be plain ASCII";
  return undefined;
}

/** The string types that X.520 prescribes; UTF-8 where it leaves a choice. */
function encodeValue(short: string, value: string): AttributeValue {
  if (short === "C") return new AttributeValue({ printableString: value });
  if (short === "E" || short === "DC") return new AttributeValue({ ia5String: value });
  return new AttributeValue({ utf8String: value });
}

function badSubject(reason: string): SigningError {
  return new SigningError({
    code: "bad_subject",
    message: `The subject is not a distinguished name: ${reason}.`,
    details: { expected: 'such as "CN=Acme Dev, O=Acme"' },
    hint: 'Write it as --subject "CN=Acme Dev, O=Acme".',
  });
}
