import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrustSnapshot } from "../../../core/contract/trust.ts";
import type { VerificationReport } from "../../../core/contract/verification.ts";
import { signArchive, verifyArchive } from "../../../core/signing/index.ts";
import { cmsPem, derOf, flipped } from "../support/cms-surgery.ts";
import { NOW, trusting } from "../support/signing-home.ts";
import { authority, publicKeyPem, publisher, signerOf } from "../support/test-authority.ts";

const ARCHIVE = randomBytes(2000);

async function signedWorld() {
  const root = await authority("Root");
  const middle = await authority("Middle", { issuer: root });
  const acme = await publisher("Acme", { issuer: middle });
  const signer = signerOf(acme, middle, root);
  const signature = await signArchive({ archive: ARCHIVE, signer, signingTime: NOW });
  return { root, middle, acme, signature, der: derOf(signature) };
}

async function signedByOne() {
  const acme = await publisher("Acme");
  return {
    acme,
    der: derOf(await signArchive({ archive: ARCHIVE, signer: signerOf(acme), signingTime: NOW })),
  };
}

/** A bit that differs from byte to byte. */
function maskAt(position: number): number {
  return 1 << (position % 8);
}

async function positionsThatVerify(der: Buffer, trust: TrustSnapshot): Promise<number[]> {
  const verified: number[] = [];
  for (let at = 0; at < der.length; at += 1) {
    if ((await verify(ARCHIVE, cmsPem(flipped(der, at, maskAt(at))), trust)).verified) verified.push(at);
  }
  return verified;
}

/** Who signed what: what no change of a signature may alter while it verifies. */
function meaningOf({ signer, checks }: VerificationReport) {
  return {
    signer,
    digest: checks.find(({ name }) => name === "digest"),
    signature: checks.find(({ name }) => name === "signature"),
  };
}

function verify(archive: Uint8Array, signature: string, trust: TrustSnapshot) {
  return verifyArchive({ archive, signature, trust, at: NOW });
}

describe("tampering", () => {
  it("with any byte of the archive, or its length, is never verified", async () => {
    const { root, signature } = await signedWorld();
    const trust = trusting(root.pem);
    const positions = fc.integer({ min: 0, max: ARCHIVE.length - 1 });
    const masks = fc.integer({ min: 1, max: 255 });
    await fc.assert(
      fc.asyncProperty(positions, masks, async (at, mask) => {
        expect(await verify(flipped(ARCHIVE, at, mask), signature, trust)).toMatchObject({
          code: "digest_mismatch",
        });
        expect((await verify(ARCHIVE.subarray(0, at), signature, trust)).verified).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  // What can change without harm: certificates beyond the anchor, which nobody needs. Nothing else.
  it("with any byte of the signature never gives it another signer, another digest or another time", async () => {
    const { root, middle, acme, der } = await signedWorld();
    const lists = fc.constantFrom(trusting(root.pem), trusting(middle.pem), trusting(acme.pem));
    const positions = fc.integer({ min: 0, max: der.length - 1 });
    const masks = fc.integer({ min: 1, max: 255 });
    const honest = meaningOf(await verify(ARCHIVE, cmsPem(der), trusting(root.pem)));
    await fc.assert(
      fc.asyncProperty(lists, positions, masks, async (trust, at, mask) => {
        const report = await verify(ARCHIVE, cmsPem(flipped(der, at, mask)), trust);
        if (report.verified) expect(meaningOf(report)).toEqual(honest);
        else expect(report.code).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  it("with any single byte of a signature by a pinned certificate is refused, or falls back to what is pinned", async () => {
    const { acme, der } = await signedByOne();
    const trust = trusting(acme.pem);
    const honest = meaningOf(await verify(ARCHIVE, cmsPem(der), trust));
    const verified = await positionsThatVerify(der, trust);
    for (const at of verified) {
      expect(meaningOf(await verify(ARCHIVE, cmsPem(flipped(der, at, maskAt(at))), trust))).toEqual(honest);
    }
    // Only where a certificate says whose it is: then it is not the signer's any more, and the pinned one is.
    expect(verified.length).toBeLessThan(30);
  });

  it("with a certificate whose key alone is pinned changes at most what the report says nobody vouches for", async () => {
    const { acme, der } = await signedByOne();
    const trust = trusting(publicKeyPem(acme));
    const honest = meaningOf(await verify(ARCHIVE, cmsPem(der), trust));
    for (const at of await positionsThatVerify(der, trust)) {
      const report = await verify(ARCHIVE, cmsPem(flipped(der, at, maskAt(at))), trust);
      expect(meaningOf(report)).toMatchObject({ digest: honest.digest, signature: honest.signature });
      expect(report.checks.at(-1)?.detail, `byte ${at}`).toContain("nobody vouches for the name");
    }
  });

  it("by random bytes in place of the signature ends in a report and never in an exception", async () => {
    const { root, der } = await signedWorld();
    const trust = trusting(root.pem);
    const edits = fc.array(
      fc.tuple(fc.integer({ min: 0, max: der.length - 1 }), fc.integer({ min: 0, max: 255 })),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(der);
        for (const [at, value] of changes) bytes[at] = value;
        const report = await verify(ARCHIVE, cmsPem(bytes), trust);
        expect(report.checks).toHaveLength(8);
      }),
      { numRuns: 200 },
    );
  });
});
