import { createHash } from "node:crypto";

/** A shorter secret would be found in every other word: it is replaced only where it is the whole text. */
const MIN_SEARCHED_CHARACTERS = 4;
/** The beginning of a secret at the end of a text that was cut. */
const MIN_CUT_CHARACTERS = 6;
/** A base64 run of fewer characters says too little to be told from others. */
const MIN_BASE64_CHARACTERS = 6;

interface Spelling {
  readonly spelling: string;
  readonly mark: string;
}

/** Finds secrets in text, also in the spellings in which they usually travel. */
export interface SecretText {
  /** True when there is nothing to find. */
  readonly isEmpty: boolean;
  /** The text with every secret replaced by `[secret NAME]`. @param isCut its end may hold the beginning of one */
  redact(text: string, isCut?: boolean): string;
  /** Whether bytes that are no text hold a secret as it stands. */
  isIn(bytes: Uint8Array): boolean;
}

/**
 * @param secrets names and values. Found: the value itself, percent-encoded, escaped as in JSON, in hex, and inside
 * base64 at each of the three offsets (`Authorization: Basic`).
 */
export function createSecretText(secrets: Iterable<readonly [string, string]>): SecretText {
  const spellings: Spelling[] = [];
  const whole = new Map<string, string>();
  const raw: Buffer[] = [];
  for (const [name, value] of secrets) {
    if (value === "") continue;
    const mark = `[secret ${name}]`;
    whole.set(value, mark);
    if (value.length < MIN_SEARCHED_CHARACTERS) continue;
    raw.push(Buffer.from(value));
    for (const spelling of spellingsOf(value)) spellings.push({ spelling, mark });
  }
  // The longest first: one secret may be the beginning of another.
  spellings.sort((one, other) => other.spelling.length - one.spelling.length);
  return {
    isEmpty: whole.size === 0,
    redact(text, isCut = false) {
      const exact = whole.get(text);
      if (exact !== undefined) return exact;
      let redacted = text;
      for (const { spelling, mark } of spellings) {
        if (redacted.includes(spelling)) redacted = redacted.replaceAll(spelling, () => mark);
      }
      return isCut ? withoutCutSecret(redacted, spellings) : redacted;
    },
    isIn: (bytes) => {
      const held = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return raw.some((value) => held.includes(value));
    },
  };
}

/** A text cut at its limit may end within a secret: so much of it as can be told from other text is replaced. */
function withoutCutSecret(text: string, spellings: readonly Spelling[]): string {
  for (const { spelling, mark } of spellings) {
    for (let length = spelling.length - 1; length >= MIN_CUT_CHARACTERS; length -= 1) {
      if (text.endsWith(spelling.slice(0, length))) return `${text.slice(0, -length)}${mark}`;
    }
  }
  return text;
}

function percentSpellings(value: string): string[] {
  const usual = encodeURIComponent(value.toWellFormed());
  // Forms and strict encoders also encode what JavaScript leaves.
  const strict = usual.replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [usual, strict, encodeURI(value.toWellFormed())]
    .flatMap((spelling) => [spelling, spelling.replaceAll("%20", "+")])
    .flatMap((spelling) => [spelling, spelling.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

function spellingsOf(value: string): Set<string> {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  const found = new Set([
    value,
    ...percentSpellings(value),
    json,
    json.replaceAll("/", "\\/"),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
  ]);
  for (let offset = 0; offset < 3; offset++) {
    // Characters that also hold bits of a neighbour are left out at both ends.
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.byteLength) * 8) / 6);
    const run = shifted.slice(first, last);
    if (run.length < MIN_BASE64_CHARACTERS) continue;
    found.add(run);
    found.add(run.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return found;
}

/**
 * Size and digest of one secret as an execution was given it: SHA-256 over the execution's id, a zero byte and the
 * value, so that a secret that can be guessed is in no table of hashes.
 */
export function secretDigest(executionId: string, value: string): { size: number; sha256: string } {
  const sha256 = createHash("sha256").update(executionId).update("\0").update(value).digest("hex");
  return { size: Buffer.byteLength(value), sha256 };
}
