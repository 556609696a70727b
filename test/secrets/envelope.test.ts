import { describe, expect, it } from "vitest";
import type { SecretEnvelope } from "../../core/contract/execute.ts";
import { secretEnvelopeSchema } from "../../core/contract/execute.ts";
import { sealEnvelope } from "../../core/secrets/envelope.ts";
import { openEnvelope, SecretError } from "../../core/secrets/index.ts";

const TOKEN = "service-token-of-this-start";
const SCOPE = { install_id: "install-1", request_id: "request-1", execution_id: "execution-1" };
const SECRETS = new Map([
  ["api_key", "s3cret £ 🔑"],
  ["__proto__", "polluted"],
]);
const EXPIRES = new Date("2026-03-01T12:01:05.000Z");
const NOW = new Date("2026-03-01T12:00:00.000Z");

const seal = () => sealEnvelope(SECRETS, TOKEN, SCOPE, EXPIRES);
const codeOf = (open: () => unknown) => {
  try {
    open();
    return "opened";
  } catch (error) {
    return error instanceof SecretError ? error.code : String(error);
  }
};

describe("a secret envelope", () => {
  it("opens for its token and execution until it expires", () => {
    const envelope = seal();
    expect(secretEnvelopeSchema.parse(envelope)).toEqual(envelope);
    expect(openEnvelope(envelope, TOKEN, SCOPE, NOW)).toEqual(SECRETS);
    expect(openEnvelope(envelope, TOKEN, SCOPE, new Date(EXPIRES.getTime() - 1))).toEqual(SECRETS);
    expect(codeOf(() => openEnvelope(envelope, TOKEN, SCOPE, EXPIRES))).toBe("envelope_expired");
  });

  it("shows nothing of what is in it and is never the same twice", () => {
    const [one, two] = [seal(), seal()];
    const shown = JSON.stringify(one) + Buffer.from(one.ciphertext_b64, "base64").toString("latin1");
    expect(shown).not.toContain("api_key");
    expect(shown).not.toContain("s3cret");
    expect(one.iv_b64).not.toBe(two.iv_b64);
    expect(one.ciphertext_b64).not.toBe(two.ciphertext_b64);
  });

  it("does not open under another token or for another install, request or execution", () => {
    const envelope = seal();
    expect(codeOf(() => openEnvelope(envelope, `${TOKEN}x`, SCOPE, NOW))).toBe("envelope_invalid");
    for (const other of [
      { ...SCOPE, install_id: "install-2" },
      { ...SCOPE, request_id: "request-2" },
      { ...SCOPE, execution_id: "execution-2" },
      { install_id: SCOPE.install_id, request_id: SCOPE.request_id },
    ]) {
      expect(codeOf(() => openEnvelope(envelope, TOKEN, other, NOW))).toBe("envelope_invalid");
    }
  });

  it("does not open with any part altered, its expiry included", () => {
    const envelope = seal();
    const flip = (text: string) => {
      const bytes = Buffer.from(text, "base64");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString("base64");
    };
    const altered: SecretEnvelope[] = [
      { ...envelope, iv_b64: flip(envelope.iv_b64) },
      { ...envelope, ciphertext_b64: flip(envelope.ciphertext_b64) },
      { ...envelope, tag_b64: flip(envelope.tag_b64) },
      { ...envelope, tag_b64: Buffer.from(envelope.tag_b64, "base64").subarray(0, 4).toString("base64") },
      { ...envelope, tag_b64: "" },
      { ...envelope, expires_at: "2099-01-01T00:00:00.000Z" },
    ];
    for (const one of altered)
      expect(codeOf(() => openEnvelope(one, TOKEN, SCOPE, NOW))).toBe("envelope_invalid");
  });
});
