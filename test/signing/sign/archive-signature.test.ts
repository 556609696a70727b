import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type KeyAlgorithm, signArchive, verifyArchive } from "../../../core/signing/index.ts";
import { cmsPem, derOf, flipped } from "../support/cms-surgery.ts";
import { describeWithOpenssl, type OpensslAnswer, openssl, opensslMust } from "../support/openssl.ts";
import { NOW, type SigningHome, signingHome, trusting } from "../support/signing-home.ts";

const ARCHIVE = Buffer.from("the bytes of a bundle's archive, whatever they are\n".repeat(50));
const AT = String(Math.floor(NOW.getTime() / 1000));

/** The command of the design, judged at the tests' own time. */
function opensslVerify(folder: string, signature: string, archive: Uint8Array, trust: string): OpensslAnswer {
  writeFileSync(join(folder, "SIGNATURE"), signature);
  writeFileSync(join(folder, "bundle.tar.zst"), archive);
  writeFileSync(join(folder, "trust.pem"), trust);
  const files = "-in SIGNATURE -content bundle.tar.zst -CAfile trust.pem -out out.bin".split(" ");
  return openssl(
    folder,
    "cms",
    "-verify",
    "-binary",
    "-inform",
    "PEM",
    ...files,
    "-purpose",
    "any",
    "-attime",
    AT,
  );
}

async function bothVerify(home: SigningHome, signature: string, archive: Uint8Array, trust: string) {
  const ours = await verifyArchive({ archive, signature, trust: trusting(trust), at: NOW });
  return {
    ours: ours.verified,
    openssl: opensslVerify(home.folder, signature, archive, trust).ok,
    report: ours,
  };
}

describeWithOpenssl("signArchive", () => {
  const algorithms: KeyAlgorithm[] = ["rsa-3072", "rsa-4096", "ecdsa-p256", "ecdsa-p384"];
  it.each(algorithms)(
    "makes a signature with %s that OpenSSL verifies, and both refuse it once tampered with",
    async (algorithm) => {
      const home = signingHome();
      const key = await home.keystore.generate({ algorithm, subject: "CN=Acme Dev, O=Acme" });
      const trust = key.certificate_chain_pem;
      const signature = await signArchive({
        archive: ARCHIVE,
        signer: home.keystore.signer(key.id),
        signingTime: NOW,
      });

      expect(await bothVerify(home, signature, ARCHIVE, trust)).toMatchObject({ ours: true, openssl: true });

      const otherArchive = await bothVerify(home, signature, flipped(ARCHIVE, 7), trust);
      expect(otherArchive).toMatchObject({
        ours: false,
        openssl: false,
        report: { code: "digest_mismatch" },
      });

      const der = derOf(signature);
      const otherValue = await bothVerify(home, cmsPem(flipped(der, der.length - 1)), ARCHIVE, trust);
      expect(otherValue).toMatchObject({
        ours: false,
        openssl: false,
        report: { code: "signature_invalid" },
      });
    },
  );

  it("carries the chain of a local authority, so that trusting the authority is enough for OpenSSL too", async () => {
    const home = signingHome();
    const { keystore } = home;
    const ca = await keystore.generate({ algorithm: "rsa-3072", subject: "CN=Acme Root", isCa: true });
    for (const algorithm of ["ecdsa-p384", "rsa-3072"] as const) {
      const key = await keystore.generate({ algorithm, subject: "CN=Release", issuerKeyId: ca.id });
      const signature = await signArchive({
        archive: ARCHIVE,
        signer: keystore.signer(key.id),
        signingTime: NOW,
      });
      const both = await bothVerify(home, signature, ARCHIVE, ca.certificate_chain_pem);
      expect(both).toMatchObject({ ours: true, openssl: true });
    }
  });

  it("makes an Ed25519 signature over the DER of the signed attributes, which pkeyutl verifies", async () => {
    const { folder, keystore } = signingHome();
    const key = await keystore.generate({ algorithm: "ed25519", subject: "CN=Acme Dev" });
    const signature = await signArchive({
      archive: ARCHIVE,
      signer: keystore.signer(key.id),
      signingTime: NOW,
    });
    writeFileSync(join(folder, "sig.der"), derOf(signature));
    writeFileSync(join(folder, "key.pem"), key.public_key_pem);
    const { attributes, value } = partsByAsn1parse(folder, derOf(signature));
    const check = (bytes: Uint8Array): boolean => {
      writeFileSync(join(folder, "attributes.der"), bytes);
      writeFileSync(join(folder, "value.bin"), value);
      const files = "-inkey key.pem -in attributes.der -sigfile value.bin".split(" ");
      return openssl(folder, "pkeyutl", "-verify", "-rawin", "-pubin", ...files).ok;
    };

    expect(attributes.includes(hash("sha256", ARCHIVE, "buffer"))).toBe(true);
    expect(check(attributes)).toBe(true);
    expect(check(flipped(attributes, attributes.length - 1))).toBe(false);
    const report = await verifyArchive({
      archive: ARCHIVE,
      signature,
      trust: trusting(key.certificate_chain_pem),
      at: NOW,
    });
    expect(report).toMatchObject({ verified: true, signer: { algorithm: "ed25519" } });
  });

  it("writes the content hash and the claimed time as signed attributes where OpenSSL finds them", async () => {
    const { folder, keystore } = signingHome();
    const key = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Acme Dev" });
    const signature = await signArchive({
      archive: ARCHIVE,
      signer: keystore.signer(key.id),
      signingTime: NOW,
    });
    writeFileSync(join(folder, "SIGNATURE"), signature);
    const shown = opensslMust(
      folder,
      "cms",
      "-cmsout",
      "-print",
      "-noout",
      "-inform",
      "PEM",
      "-in",
      "SIGNATURE",
    );
    expect(shown).toContain("signingTime (1.2.840.113549.1.9.5)");
    expect(shown).toContain("Jun 15 12:00:00 2026 GMT");
    expect(shown).toContain("algorithm: sha256");
    expect(shown).toContain("eContent: <ABSENT>");
  });
});

/** Cuts out the signed attributes and the signature value where OpenSSL's own parser finds them. */
function partsByAsn1parse(folder: string, der: Buffer): { attributes: Buffer; value: Buffer } {
  const lines = opensslMust(folder, "asn1parse", "-inform", "DER", "-in", "sig.der").split("\n");
  const cut = (line: string | undefined): { start: number; body: number; end: number } => {
    const [, offset, header, length] = /^\s*(\d+):d=\d+\s+hl=(\d+)\s+l=\s*(\d+)/.exec(line ?? "") ?? [];
    const start = Number(offset);
    return { start, body: start + Number(header), end: start + Number(header) + Number(length) };
  };
  const attributes = cut(lines.findLast((line) => line.includes("cont [ 0 ]")));
  const value = cut(lines.findLast((line) => line.includes("OCTET STRING")));
  // Their tag is implicit in the signature and that of a SET in what is signed.
  const set = Buffer.from(der.subarray(attributes.start, attributes.end));
  set[0] = 0x31;
  return { attributes: set, value: der.subarray(value.body, value.end) };
}
