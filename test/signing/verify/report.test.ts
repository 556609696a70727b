import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MAX_SIGNATURE_BYTES } from "../../../core/contract/limits.ts";
import { VERIFICATION_CHECKS } from "../../../core/contract/verification.ts";
import {
  requireVerified,
  signArchive,
  VerificationError,
  verifyArchive,
} from "../../../core/signing/index.ts";
import { cmsPem, derOf, operate } from "../support/cms-surgery.ts";
import { NOW, trusting } from "../support/signing-home.ts";
import { type Identity, publisher, signerOf } from "../support/test-authority.ts";

const ARCHIVE = randomBytes(500);

async function signed(): Promise<{ pem: string; signature: string; acme: Identity }> {
  const acme = await publisher("Acme");
  const signature = await signArchive({ archive: ARCHIVE, signer: signerOf(acme), signingTime: NOW });
  return { pem: acme.pem, signature, acme };
}

function verify(
  signature: string | undefined,
  pem: string,
  more: Partial<Parameters<typeof verifyArchive>[0]> = {},
) {
  return verifyArchive({ archive: ARCHIVE, signature, trust: trusting(pem), at: NOW, ...more });
}

function statuses(report: Awaited<ReturnType<typeof verify>>): Record<string, string> {
  return Object.fromEntries(report.checks.map(({ name, status }) => [name, status]));
}

describe("the verification report", () => {
  it("names all eight checks in the contract's order and says who signed", async () => {
    const { pem, signature, acme } = await signed();
    const report = await verify(signature, pem, { checkArchive: async () => ({ ok: true }) });
    expect(report.checks.map(({ name }) => name)).toEqual(VERIFICATION_CHECKS);
    expect(new Set(Object.values(statuses(report)))).toEqual(new Set(["pass"]));
    expect(report).toMatchObject({
      verified: true,
      content_hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      signer: {
        subject: "CN=Acme",
        issuer: "CN=Acme",
        fingerprint_sha256: acme.fingerprint,
        algorithm: "ecdsa-p256",
      },
    });
    expect(report.code).toBeUndefined();
    expect(() => requireVerified(report)).not.toThrow();
  });

  it("says that a signature is missing and skips what depends on it", async () => {
    const { pem } = await signed();
    for (const none of [undefined, "", " \n"]) {
      const report = await verify(none, pem);
      expect(report).toMatchObject({ verified: false, code: "signature_missing" });
      expect(statuses(report)).toEqual({
        archive: "skipped",
        digest: "skipped",
        signature: "fail",
        chain: "skipped",
        validity: "skipped",
        key_usage: "skipped",
        revocation: "skipped",
        trust: "skipped",
      });
      expect(report.signer).toBeUndefined();
    }
  });

  it("shows both digests when the archive is not the one that was signed", async () => {
    const { pem, signature } = await signed();
    const report = await verify(signature, pem, { archive: Buffer.from("another archive") });
    const digest = report.checks.find(({ name }) => name === "digest");
    expect(report.code).toBe("digest_mismatch");
    expect(digest?.actual).toBe(report.content_hash);
    expect(digest?.expected).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digest?.expected).not.toBe(digest?.actual);
  });

  it("refuses a well-signed archive that is not the one that was asked for", async () => {
    const { pem, signature } = await signed();
    const expectedContentHash = `sha256:${"0".repeat(64)}`;
    const report = await verify(signature, pem, { expectedContentHash });
    expect(report).toMatchObject({ verified: false, code: "digest_mismatch" });
    expect(await verify(undefined, pem, { expectedContentHash })).toMatchObject({ code: "digest_mismatch" });
  });

  it("calls changed bytes a digest mismatch also when they no longer unpack", async () => {
    const { pem, signature } = await signed();
    const checkArchive = async () => ({ ok: false, detail: "the zstd frame is damaged" }) as const;
    const report = await verify(signature, pem, { archive: Buffer.from("another archive"), checkArchive });
    expect(report.code).toBe("digest_mismatch");
    expect(statuses(report)).toMatchObject({ archive: "fail", digest: "fail" });
  });

  it("refuses an archive that is not sane although it is well signed", async () => {
    const { pem, signature } = await signed();
    const checkArchive = async () => ({ ok: false, detail: "entry 3 leaves the bundle" }) as const;
    const report = await verify(signature, pem, { checkArchive });
    expect(report).toMatchObject({ verified: false, code: "archive_invalid" });
    expect(statuses(report)).toMatchObject({
      archive: "fail",
      digest: "pass",
      signature: "pass",
      trust: "pass",
    });
    expect(report.checks[0]?.detail).toBe("entry 3 leaves the bundle");
  });

  it("becomes an error that carries the first failure's code and the whole report", async () => {
    const { pem } = await signed();
    const report = await verify(undefined, pem);
    expect(() => requireVerified(report)).toThrow(VerificationError);
    expect(new VerificationError(report)).toMatchObject({
      code: "signature_missing",
      kind: "refused",
      details: { report },
    });
  });

  it("does not answer for a time that is none", async () => {
    const { pem, signature } = await signed();
    await expect(verify(signature, pem, { at: new Date("never") })).rejects.toThrow(RangeError);
  });
});

describe("a malformed signature", () => {
  it.each<[string, (signature: string) => string]>([
    ["text that is no PEM", () => "signed: yes"],
    ["another kind of PEM", (signature) => signature.replaceAll("CMS", "PKCS7")],
    ["text beside the PEM", (signature) => `verified by the author\n${signature}`],
    ["two signatures", (signature) => `${signature}${signature}`],
    ["a cut-off PEM", (signature) => signature.slice(0, 300)],
    ["bad base64", (signature) => signature.replace("MI", "M*")],
    ["no base64 at all", () => "-----BEGIN CMS-----\n-----END CMS-----\n"],
    ["cut-off DER", (signature) => cmsPem(derOf(signature).subarray(0, 200))],
    ["bytes after the DER", (signature) => cmsPem(Buffer.concat([derOf(signature), Buffer.of(0)]))],
    ["random DER", () => cmsPem(randomBytes(300))],
    ["too many bytes", () => cmsPem(Buffer.alloc(MAX_SIGNATURE_BYTES))],
    ["a structure nested without end", () => cmsPem(Buffer.alloc(100_000, Buffer.from([0x30, 0x80])))],
    ["no signer", (signature) => operate(signature, (data) => void data.signerInfos.splice(0))],
    ["two signers", (signature) => operate(signature, (data, signer) => void data.signerInfos.push(signer))],
    ["no certificates", (signature) => operate(signature, (data) => void data.certificates?.splice(0))],
    [
      "more certificates than a chain has",
      (signature) =>
        operate(signature, (data) => {
          const [first] = data.certificates ?? [];
          if (first) data.certificates?.push(...Array.from({ length: 16 }, () => first));
        }),
    ],
    [
      "a repeated signed attribute",
      (signature) =>
        operate(signature, (_, signer) => void signer.signedAttrs?.push(...signer.signedAttrs.slice(-1))),
    ],
    [
      "no signing time",
      (signature) =>
        operate(signature, (_, signer) => {
          signer.signedAttrs =
            signer.signedAttrs?.filter(({ attrType }) => attrType !== "1.2.840.113549.1.9.5") ?? [];
        }),
    ],
    [
      "a digest that its algorithms do not agree on",
      (signature) =>
        operate(signature, (data, signer) => {
          signer.digestAlgorithm.algorithm = "2.16.840.1.101.3.4.2.3";
          data.digestAlgorithms[0] = signer.digestAlgorithm;
        }),
    ],
    [
      "a digest of the 1990s",
      (signature) =>
        operate(signature, (data, signer) => {
          signer.digestAlgorithm.algorithm = "1.2.840.113549.2.5";
          data.digestAlgorithms[0] = signer.digestAlgorithm;
        }),
    ],
    [
      "a digest that is not declared",
      (signature) => operate(signature, (data) => void data.digestAlgorithms.splice(0)),
    ],
    [
      "another content type",
      (signature) =>
        operate(signature, (data) => {
          data.encapContentInfo.eContentType = "1.2.840.113549.1.9.16.1.4";
        }),
    ],
  ])("is refused as such: %s", async (_what, spoil) => {
    const { pem, signature } = await signed();
    const report = await verify(spoil(signature), pem);
    // Without its certificate the signature is still sound when the trust list has it; here the list is emptied too.
    const alone = await verifyArchive({
      archive: ARCHIVE,
      signature: spoil(signature),
      trust: trusting(),
      at: NOW,
    });
    if (_what !== "no certificates")
      expect(report).toMatchObject({ verified: false, code: "signature_malformed" });
    expect(alone).toMatchObject({ verified: false, code: "signature_malformed" });
  });
});
