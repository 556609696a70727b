import { EncodingError } from "./encoding-error.ts";

/** One PEM block. `headers` is the RFC 1421 part of legacy encrypted keys (`Proc-Type`, `DEK-Info`). */
export interface PemBlock {
  readonly label: string;
  readonly headers: string;
  readonly der: Uint8Array;
  /** The block as it stood in the text. */
  readonly pem: string;
}

const BEGIN = "-----BEGIN ";
const DASHES = "-----";
const LABEL = /^[A-Z0-9][A-Z0-9 ]{0,62}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const LINE_LENGTH = 64;

/**
 * Reads every PEM block of a text in order; what stands between blocks is a comment, as in the CA bundles that
 * systems ship. Throws `EncodingError` for a block without its end, a bad label or bad base64.
 */
export function readPemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf(BEGIN, from);
    if (start < 0) return blocks;
    const block = readBlockAt(text, start);
    blocks.push(block);
    from = start + block.pem.length;
  }
}

/** Reads a text that must hold exactly one block with this label, and nothing else but white space. */
export function readSinglePem(text: string, label: string): Uint8Array {
  const trimmed = text.trim();
  const blocks = readPemBlocks(trimmed);
  const [block] = blocks;
  if (block === undefined) throw new EncodingError(`there is no ${BEGIN}${label}${DASHES} block`);
  if (blocks.length > 1) throw new EncodingError(`there are ${blocks.length} PEM blocks instead of one`);
  if (block.label !== label) throw new EncodingError(`the PEM block is not labelled ${label}`);
  if (block.pem !== trimmed || block.headers !== "") {
    throw new EncodingError("there is text besides the PEM block");
  }
  return block.der;
}

/** PEM text of one DER value, with a trailing newline. */
export function toPem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += LINE_LENGTH) lines.push(base64.slice(at, at + LINE_LENGTH));
  return `${BEGIN}${label}${DASHES}\n${lines.join("\n")}\n-----END ${label}${DASHES}\n`;
}

function readBlockAt(text: string, start: number): PemBlock {
  const labelEnd = text.indexOf(DASHES, start + BEGIN.length);
  const label = labelEnd < 0 ? "" : text.slice(start + BEGIN.length, labelEnd);
  if (!LABEL.test(label)) throw new EncodingError("a PEM block begins with a line that is not a PEM label");
  const footer = `-----END ${label}${DASHES}`;
  const end = text.indexOf(footer, labelEnd);
  if (end < 0) throw new EncodingError(`the ${label} block has no end`);
  const body = text.slice(labelEnd + DASHES.length, end);
  const { headers, base64 } = splitHeaders(body);
  if (base64 === "" || base64.length % 4 !== 0 || !BASE64.test(base64)) {
    throw new EncodingError(`the ${label} block is not base64`);
  }
  const der = Buffer.from(base64, "base64");
  // Unused bits of the last character must be zero, so that one value has one text.
  if (der.toString("base64") !== base64)
    throw new EncodingError(`the ${label} block is not canonical base64`);
  return { label, headers, der, pem: text.slice(start, end + footer.length) };
}

function splitHeaders(body: string): { headers: string; base64: string } {
  const normal = body.replaceAll("\r\n", "\n");
  const blank = normal.indexOf("\n\n");
  if (normal.includes(":") && blank >= 0) {
    return { headers: normal.slice(0, blank).trim(), base64: withoutSpace(normal.slice(blank)) };
  }
  return { headers: "", base64: withoutSpace(normal) };
}

function withoutSpace(text: string): string {
  return text.replace(/[\n\t ]/g, "");
}
