import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CertificateChoices } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
import { expect, it } from "vitest";
import type { TrustSnapshot } from "../../../core/contract/trust.ts";
import type { VerificationReport } from "../../../core/contract/verification.ts";
import { trustSnapshotFromPem, verifyArchive } from "../../../core/signing/index.ts";
import { tempFolder } from "../../support/temp.ts";
import { cmsPem, derOf, flipped, operate } from "../support/cms-surgery.ts";
import { describeWithOpenssl, openssl, opensslMust } from "../support/openssl.ts";

const KEYS: Readonly<Record<string, string[]>> = {
  "RSA-3072": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
  "ECDSA P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "ECDSA P-384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
};
const P256 = KEYS["ECDSA P-256"] ?? [];
const ARCHIVE = Buffer.from("an archive that OpenSSL signs\n".repeat(40));
const LEAF_EXTENSIONS = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n";

/** A root and a publisher made by OpenSSL alone: root.pem, leaf.pem, leaf.key, and an index for revoking. */
function opensslWorld(
  keyArguments: string[],
  leafExtensions = `${LEAF_EXTENSIONS}extendedKeyUsage=codeSigning\n`,
) {
  const folder = tempFolder();
  const file = (name: string): string => readFileSync(join(folder, name), "utf8");
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  const run = (line: string): string => opensslMust(folder, ...line.split(" "));
  write("leaf.ext", leafExtensions);
  write("index.txt", "");
  write(
    "ca.cnf",
    "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncertificate=root.pem\nprivate_key=root.key\n" +
      "default_md=sha256\ndefault_crl_days=30\n",
  );
  write("archive", ARCHIVE);
  run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out root.key");
  run(
    "req -x509 -key root.key -subj /O=Oracle/CN=Root -days 30 -out root.pem -addext keyUsage=critical,keyCertSign,cRLSign",
  );
  opensslMust(folder, "genpkey", ...keyArguments, "-out", "leaf.key");
  run("req -new -key leaf.key -subj /O=Oracle/CN=Publisher -out leaf.csr");
  run(
    "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 10 -extfile leaf.ext -out leaf.pem",
  );
  return {
    folder,
    file,
    write,
    run,
    sign: (...extra: string[]): string => {
      run(
        [
          "cms -sign -binary -outform PEM -in archive -signer leaf.pem -inkey leaf.key -out SIGNATURE",
          ...extra,
        ].join(" "),
      );
      return file("SIGNATURE");
    },
    /** OpenSSL's verdict; `options` in place of the design's `-purpose any`. */
    verify: (signature: string, archive: Uint8Array = ARCHIVE, options = "-purpose any"): boolean => {
      write("SIGNATURE", signature);
      write("content", archive);
      const command = `cms -verify -binary -inform PEM -in SIGNATURE -content content -CAfile root.pem -out out ${options}`;
      return openssl(folder, ...command.split(" ")).ok;
    },
  };
}

function verify(signature: string, trust: TrustSnapshot, archive: Uint8Array = ARCHIVE, at = new Date()) {
  return verifyArchive({ archive, signature, trust, at });
}

function failing(report: VerificationReport): string[] {
  return report.checks.filter(({ status }) => status === "fail").map(({ name }) => name);
}

describeWithOpenssl("verifyArchive on what `openssl cms -sign` made", () => {
  it.each(Object.entries(KEYS))("accepts %s under OpenSSL's own authority", async (_name, keyArguments) => {
    const world = opensslWorld(keyArguments);
    const signature = world.sign();
    const report = await verify(signature, trustSnapshotFromPem(world.file("root.pem")));
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report).toMatchObject({ verified: true, signer: { subject: "O=Oracle, CN=Publisher" } });
    expect(world.verify(signature)).toBe(true);
  });

  it("accepts SHA-384 and SHA-512, a key identifier as signer, and a chain inside the signature", async () => {
    const world = opensslWorld(P256, `${LEAF_EXTENSIONS}subjectKeyIdentifier=hash\n`);
    const trust = trustSnapshotFromPem(world.file("root.pem"));
    for (const extra of ["-md sha384", "-md sha512", "-keyid", "-certfile root.pem"]) {
      expect(await verify(world.sign(extra), trust), extra).toMatchObject({ verified: true });
    }
  });

  it("finds a signer that was left out of the signature in the trust list", async () => {
    const world = opensslWorld(P256);
    const signature = world.sign("-nocerts");
    expect(await verify(signature, trustSnapshotFromPem(world.file("leaf.pem")))).toMatchObject({
      verified: true,
    });
    expect(await verify(signature, trustSnapshotFromPem(world.file("root.pem")))).toMatchObject({
      code: "signature_malformed",
    });
  });

  it("refuses with OpenSSL a changed archive, a changed signature and a swapped certificate", async () => {
    const world = opensslWorld(P256);
    const trust = trustSnapshotFromPem(world.file("root.pem"));
    const signature = world.sign();
    const der = derOf(signature);
    const other = opensslWorld(P256);
    const swapped = operate(signature, (signedData) => {
      const certificate = AsnConvert.parse(derOf(other.file("leaf.pem")), Certificate);
      const original = signedData.certificates?.[0]?.certificate?.tbsCertificate;
      // Same issuer and serial, another key.
      if (original) certificate.tbsCertificate.serialNumber = original.serialNumber;
      signedData.certificates?.splice(0, 1, new CertificateChoices({ certificate }));
    });
    const cases: [string, Uint8Array, string][] = [
      [signature, flipped(ARCHIVE, 3), "digest_mismatch"],
      [cmsPem(flipped(der, der.length - 1)), ARCHIVE, "signature_invalid"],
      [swapped, ARCHIVE, "signature_invalid"],
    ];
    for (const [text, archive, code] of cases) {
      expect(await verify(text, trust, archive)).toMatchObject({ verified: false, code });
      expect(world.verify(text, archive), code).toBe(false);
    }
  });

  it("refuses with OpenSSL an expired certificate, and one that is not valid yet", async () => {
    const world = opensslWorld(P256);
    const trust = trustSnapshotFromPem(world.file("root.pem"));
    const signature = world.sign();
    const dayMs = 24 * 60 * 60 * 1000;
    const cases = [
      [new Date(Date.now() + 20 * dayMs), "certificate_expired"],
      [new Date(Date.now() - dayMs), "certificate_not_yet_valid"],
    ] as const;
    for (const [at, code] of cases) {
      expect(await verify(signature, trust, ARCHIVE, at)).toMatchObject({ verified: false, code });
      expect(
        world.verify(signature, ARCHIVE, `-purpose any -attime ${Math.floor(at.getTime() / 1000)}`),
      ).toBe(false);
    }
  });

  it("refuses with OpenSSL a certificate whose usage does not permit signing", async () => {
    const world = opensslWorld(P256, "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyAgreement\n");
    const signature = world.sign();
    const report = await verify(signature, trustSnapshotFromPem(world.file("root.pem")));
    expect(report).toMatchObject({ verified: false, code: "key_usage_invalid" });
    expect(failing(report)).toEqual(["key_usage"]);
    expect(world.verify(signature, ARCHIVE, "-purpose smimesign")).toBe(false);
  });

  it("refuses with OpenSSL a revoked certificate", async () => {
    const world = opensslWorld(P256);
    const signature = world.sign();
    world.run("ca -config ca.cnf -revoke leaf.pem");
    world.run("ca -config ca.cnf -gencrl -out crl.pem");
    world.write("root.pem", world.file("root.pem") + world.file("crl.pem"));
    const serial = world.run("x509 -noout -serial -in leaf.pem").trim().replace("serial=", "").toLowerCase();
    const { anchors } = trustSnapshotFromPem(world.file("root.pem").split("-----BEGIN X509 CRL")[0] ?? "");
    const revocations = [
      { by: "serial" as const, value: serial.replace(/^0+/, ""), revoked_at: "2020-01-01T00:00:00.000Z" },
    ];
    expect(await verify(signature, { anchors, revocations })).toMatchObject({ code: "certificate_revoked" });
    expect(world.verify(signature, ARCHIVE, "-purpose any -crl_check")).toBe(false);
  });

  it("refuses with OpenSSL a signer whose authority is not trusted", async () => {
    const world = opensslWorld(P256);
    const signature = world.sign();
    const stranger = opensslWorld(P256).file("root.pem");
    world.write("root.pem", stranger);
    expect(world.verify(signature)).toBe(false);
    const report = await verify(signature, trustSnapshotFromPem(stranger));
    expect(report.verified).toBe(false);
    expect(await verify(signature, { anchors: [], revocations: [] })).toMatchObject({
      code: "untrusted_signer",
    });
  });

  it("refuses with OpenSSL a signature whose signed attributes were taken away", async () => {
    const world = opensslWorld(P256);
    const trust = trustSnapshotFromPem(world.file("root.pem"));
    const stripped = operate(world.sign(), (_signedData, signer) => {
      delete signer.signedAttrs;
    });
    expect(await verify(stripped, trust)).toMatchObject({ code: "signature_malformed" });
    expect(world.verify(stripped)).toBe(false);
  });

  it("refuses what OpenSSL lets pass and the contract does not: no attributes, SHA-1, content inside, two signers", async () => {
    const world = opensslWorld(P256);
    const trust = trustSnapshotFromPem(world.file("root.pem"));
    world.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out second.key");
    world.run("req -x509 -key second.key -subj /CN=Second -days 5 -out second.pem");
    const extras = ["-noattr", "-md sha1", "-nodetach", "-signer second.pem -inkey second.key"];
    for (const extra of extras) {
      const report = await verify(world.sign(extra), trust);
      expect(report, extra).toMatchObject({ verified: false, code: "signature_malformed" });
    }
  });
});
