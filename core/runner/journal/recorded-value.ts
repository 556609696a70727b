import { createHash } from "node:crypto";
import {
  type JournalMode,
  MAX_RECORDED_VALUE_BYTES,
  type RecordedDigest,
} from "../../contract/execution-journal.ts";
import { type SecretText, secretDigest } from "../../platform/secret-text.ts";

/** Outside development tenants, text up to this length stands in the journal as it is. */
const MAX_PLAIN_CHARACTERS = 128;
/** Header fields whose values say nothing about anybody. */
const PLAIN_HEADERS = new Set(["accept", "accept-encoding", "content-length", "content-type", "user-agent"]);

export interface Encoded {
  readonly value: unknown;
  readonly truncated: boolean;
  readonly redacted: boolean;
}

/**
 * Writes a value of the world down as JSON (see `core/contract/execution-journal.ts`). Secrets are replaced first, so that no
 * cap and no digest ever sees one.
 */
export class ValueEncoder {
  readonly #mode: JournalMode;
  readonly #secrets: SecretText;
  #truncated = false;
  #redacted = false;

  constructor(mode: JournalMode, secrets: SecretText) {
    this.#mode = mode;
    this.#secrets = secrets;
  }

  encode(value: unknown): Encoded {
    this.#truncated = false;
    this.#redacted = false;
    const encoded = this.#encode(value);
    return { value: encoded, truncated: this.#truncated, redacted: this.#redacted };
  }

  /** The whole value as size and digest. */
  digest(value: unknown): Encoded {
    const { value: encoded, redacted } = this.encode(value);
    const isDigest = typeof encoded === "object" && encoded !== null && "$digest" in encoded;
    return { value: isDigest ? encoded : digestOfJson(encoded), truncated: this.#mode === "full", redacted };
  }

  /** A value of `size` bytes of which only the beginning is at hand. */
  cut(beginning: unknown, size: number): Encoded {
    const { value, redacted } = this.encode(beginning);
    const { $digest } = digestOfJson(value);
    return { value: { $digest: { ...$digest, kind: "text", size } }, truncated: true, redacted };
  }

  #encode(value: unknown): unknown {
    switch (typeof value) {
      case "undefined":
        return { $absent: true };
      case "bigint":
        return { $integer: value.toString() };
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $number: Object.is(value, -0) ? "-0" : String(value) };
      case "string":
        return this.#text(value);
      case "boolean":
        return value;
      case "object":
        if (value === null) return null;
        if (value instanceof Uint8Array) return this.#bytes(value);
        // Lists of the world are arrays, or typed arrays where their elements are numbers.
        if (Array.isArray(value)) return value.map((item) => this.#encode(item));
        if (ArrayBuffer.isView(value))
          return this.#bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
        return this.#record(value);
      default:
        return { $absent: true };
    }
  }

  #record(record: object): unknown {
    const isHeader =
      this.#mode === "digest" && isHeaderField(record) && !PLAIN_HEADERS.has(record.name.toLowerCase());
    return Object.fromEntries(
      Object.entries(record).flatMap(([name, value]) => {
        if (value === undefined) return [];
        if (isHeader && name === "value" && typeof value === "string")
          return [[name, digestOf("text", this.#redact(value))]];
        if (this.#mode === "digest" && name === "url" && typeof value === "string")
          return [[name, withoutQuery(this.#redact(value))]];
        return [[name, this.#encode(value)]];
      }),
    );
  }

  #text(text: string): unknown {
    const plain = this.#redact(text);
    const max = this.#mode === "full" ? MAX_RECORDED_VALUE_BYTES : MAX_PLAIN_CHARACTERS;
    if (plain.length <= max) return plain;
    this.#truncated ||= this.#mode === "full";
    return digestOf("text", plain);
  }

  #bytes(bytes: Uint8Array): unknown {
    const text = this.#mode === "full" || !this.#secrets.isEmpty ? textOf(bytes) : undefined;
    const plain = text === undefined ? undefined : this.#redact(text);
    if (plain === undefined && this.#secrets.isIn(bytes)) {
      this.#redacted = true;
      return digestOf("bytes", new Uint8Array(bytes.byteLength));
    }
    const isReplaced = plain !== undefined && plain !== text;
    if (this.#mode === "digest" || bytes.byteLength > MAX_RECORDED_VALUE_BYTES) {
      this.#truncated ||= this.#mode === "full";
      return digestOf("bytes", isReplaced ? plain : bytes);
    }
    return {
      $bytes: plain === undefined ? { base64: Buffer.from(bytes).toString("base64") } : { text: plain },
    };
  }

  #redact(text: string): string {
    if (this.#secrets.isEmpty) return text;
    const redacted = this.#secrets.redact(text);
    this.#redacted ||= redacted !== text;
    return redacted;
  }
}

/** Of one secret, in the execution that it was given to. */
export function digestOfSecret(executionId: string, value: string): RecordedDigest {
  return { $digest: { kind: "secret", ...secretDigest(executionId, value) } };
}

export function digestOf(kind: "bytes" | "text" | "value", content: string | Uint8Array): RecordedDigest {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  return { $digest: { kind, size, sha256: createHash("sha256").update(content).digest("hex") } };
}

function digestOfJson(encoded: unknown): RecordedDigest {
  return digestOf("value", JSON.stringify(encoded));
}

function isHeaderField(record: object): record is { name: string; value: string } {
  return "name" in record && "value" in record && typeof record.name === "string";
}

/** Where a request went, without what it said there. */
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return "(no URL)";
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search === "" ? "" : "?…"}`;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
