import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFileKeyBox } from "../../../core/platform/file-key-box.ts";
import { randomIds } from "../../../core/platform/ids.ts";
import {
  createKeystore,
  type KeyAlgorithm,
  signArchive,
  verifyArchive,
} from "../../../core/signing/index.ts";
import { describeWithOpenssl, openssl, opensslMust } from "../support/openssl.ts";
import { NOW, signingHome, trusting } from "../support/signing-home.ts";

const ALGORITHMS: KeyAlgorithm[] = ["rsa-3072", "rsa-4096", "ecdsa-p256", "ecdsa-p384", "ed25519"];
const PASSPHRASE = "a passphrase with ümlauts";
const DAY_MS = 24 * 60 * 60 * 1000;

describe("generating a key", () => {
  it("makes a self-signed certificate that may sign code and nothing else", async () => {
    const { keystore } = signingHome();
    const key = await keystore.generate({
      algorithm: "ecdsa-p256",
      subject: "CN=Acme Dev, O=Acme",
      days: 30,
    });
    expect(key).toMatchObject({
      id: expect.stringMatching(/^acme-dev-[0-9a-f]{8}$/),
      subject: "CN=Acme Dev, O=Acme",
      is_ca: false,
      issuer_key_id: null,
      has_certificate: true,
      not_before: NOW.toISOString(),
      not_after: new Date(NOW.getTime() + 30 * DAY_MS).toISOString(),
      created_at: NOW.toISOString(),
    });
    const certificate = new X509Certificate(key.certificate_chain_pem);
    expect(certificate.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(key.fingerprint_sha256);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.3"]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(keystore.list()).toEqual([key]);
    expect(keystore.get(key.id)).toEqual(key);
  });

  it("lets a local authority issue certificates, no longer valid than itself", async () => {
    const { keystore, clock } = signingHome();
    const ca = await keystore.generate({ algorithm: "ecdsa-p384", subject: "CN=Root", days: 10, isCa: true });
    const leaf = await keystore.generate({ algorithm: "ed25519", subject: "CN=Leaf", issuerKeyId: ca.id });
    expect(leaf).toMatchObject({ issuer_key_id: ca.id, not_after: ca.not_after });
    expect(leaf.certificate_chain_pem.endsWith(ca.certificate_chain_pem)).toBe(true);
    const beyond = keystore.generate({ algorithm: "ed25519", subject: "CN=L", issuerKeyId: ca.id, days: 11 });
    await expect(beyond).rejects.toMatchObject({ code: "bad_validity" });
    const byLeaf = keystore.generate({ algorithm: "ed25519", subject: "CN=L", issuerKeyId: leaf.id });
    await expect(byLeaf).rejects.toMatchObject({ code: "not_an_authority" });
    const further = keystore.generate({
      algorithm: "ed25519",
      subject: "CN=L",
      issuerKeyId: ca.id,
      isCa: true,
    });
    await expect(further).rejects.toMatchObject({ code: "not_an_authority" });
    expect(() => keystore.signer(ca.id)).toThrow(expect.objectContaining({ code: "key_unusable" }));
    expect(() => keystore.delete(ca.id)).toThrow(expect.objectContaining({ code: "key_in_use" }));
    clock.time = new Date(NOW.getTime() + 11 * DAY_MS);
    const late = keystore.generate({ algorithm: "ed25519", subject: "CN=L", issuerKeyId: ca.id });
    await expect(late).rejects.toMatchObject({ code: "bad_validity" });
    keystore.delete(leaf.id);
    keystore.delete(ca.id);
    expect(keystore.list()).toEqual([]);
  });

  it.each([0, -1, 1.5, 36_501, Number.NaN])("refuses %s days", async (days) => {
    const generate = signingHome().keystore.generate({ algorithm: "ed25519", subject: "CN=A", days });
    await expect(generate).rejects.toMatchObject({ code: "bad_validity" });
  });

  it("writes dates beyond 2049 in the form that holds them", async () => {
    const { keystore } = signingHome();
    const key = await keystore.generate({ algorithm: "ed25519", subject: "CN=A", days: 36_500 });
    expect(key.not_after).toBe("2126-05-22T12:00:00.000Z");
    const signature = await signArchive({
      archive: Buffer.from("x"),
      signer: keystore.signer(key.id),
      signingTime: new Date("2060-01-01"),
    });
    const at = new Date("2060-01-02");
    const trust = trusting(key.certificate_chain_pem);
    expect(await verifyArchive({ archive: Buffer.from("x"), signature, trust, at })).toMatchObject({
      verified: true,
    });
  });
});

describe("a key at rest", () => {
  it("is sealed: neither the database nor a listing holds the private key", async () => {
    const { keystore, folder, database } = signingHome();
    const key = await keystore.generate({ algorithm: "ed25519", subject: "CN=Acme" });
    const pem = await keystore.exportPrivateKey(key.id, PASSPHRASE);
    database.pragma("wal_checkpoint(TRUNCATE)");
    const stored = readFileSync(join(folder, "workbench.sqlite"));
    const privateKey = createPrivateKey({ key: pem, format: "pem", passphrase: PASSPHRASE });
    // Ed25519 in PKCS #8 ends in the 32 secret bytes.
    const secret = privateKey.export({ type: "pkcs8", format: "der" }).subarray(-32);
    expect(stored.includes(secret)).toBe(false);
    expect(JSON.stringify(keystore.list())).not.toContain("PRIVATE");
  });

  it("does not open under another key id, with another box, or damaged", async () => {
    const { keystore, folder, database } = signingHome();
    const one = await keystore.generate({ algorithm: "ed25519", subject: "CN=One" });
    const two = await keystore.generate({ algorithm: "ed25519", subject: "CN=Two" });
    database
      .prepare(
        "UPDATE signing_key SET private_key_sealed = (SELECT private_key_sealed FROM signing_key WHERE id = ?) WHERE id = ?",
      )
      .run(one.id, two.id);
    await expect(keystore.exportPrivateKey(two.id, PASSPHRASE)).rejects.toMatchObject({
      code: "box_corrupt",
    });
    const box = createFileKeyBox(join(folder, "another.key"));
    const elsewhere = createKeystore({ database, box, clock: { now: () => NOW }, ids: randomIds });
    await expect(elsewhere.exportPrivateKey(one.id, PASSPHRASE)).rejects.toMatchObject({
      code: "box_sealed_elsewhere",
    });
  });

  it("is known by its id and no other", () => {
    const { keystore } = signingHome();
    for (const call of [keystore.get, keystore.delete, keystore.signer, keystore.exportCertificate]) {
      expect(() => call("acme")).toThrow(expect.objectContaining({ code: "key_not_found" }));
    }
  });
});

describe("signing with a key", () => {
  it("waits for a certificate, and refuses one that has run out", async () => {
    const { keystore, clock } = signingHome();
    const { key } = await keystore.createRequest({ algorithm: "ed25519", subject: "CN=Acme" });
    expect(key).toMatchObject({ has_certificate: false, fingerprint_sha256: null, subject: "CN=Acme" });
    expect(() => keystore.signer(key.id)).toThrow(expect.objectContaining({ code: "certificate_missing" }));
    await expect(keystore.exportPkcs12(key.id, PASSPHRASE)).rejects.toMatchObject({
      code: "certificate_missing",
    });
    const selfSigned = await keystore.selfSign(key.id, { days: 1 });
    expect(selfSigned).toMatchObject({ id: key.id, has_certificate: true, subject: "CN=Acme" });
    expect(keystore.signer(key.id)).toMatchObject({ keyId: key.id, algorithm: "ed25519" });
    clock.time = new Date(NOW.getTime() + 2 * DAY_MS);
    expect(() => keystore.signer(key.id)).toThrow(expect.objectContaining({ code: "key_unusable" }));
  });
});

describe("exporting a private key", () => {
  it.each(["", "short"])("refuses the passphrase %j", async (passphrase) => {
    const { keystore } = signingHome();
    const key = await keystore.generate({ algorithm: "ed25519", subject: "CN=Acme" });
    const code = passphrase === "" ? "passphrase_required" : "passphrase_too_short";
    await expect(keystore.exportPrivateKey(key.id, passphrase)).rejects.toMatchObject({ code });
    await expect(keystore.exportPkcs12(key.id, passphrase)).rejects.toMatchObject({ code });
  });

  it.each(ALGORITHMS)(
    "and importing it again gives the same %s key, by PKCS #8 and by PKCS #12",
    async (algorithm) => {
      const { keystore } = signingHome();
      const key = await keystore.generate({ algorithm, subject: "CN=Acme" });
      const pem = Buffer.from(await keystore.exportPrivateKey(key.id, PASSPHRASE));
      const p12 = await keystore.exportPkcs12(key.id, PASSPHRASE);
      keystore.delete(key.id);
      const fromPem = await keystore.importFile({ bytes: pem, passphrase: PASSPHRASE });
      expect(fromPem.public_key_pem).toBe(key.public_key_pem);
      const attached = keystore.attachCertificate(fromPem.id, key.certificate_chain_pem);
      expect(attached.fingerprint_sha256).toBe(key.fingerprint_sha256);
      keystore.delete(fromPem.id);
      const fromP12 = await keystore.importFile({ bytes: p12, passphrase: PASSPHRASE });
      expect(fromP12).toMatchObject({ algorithm, certificate_chain_pem: key.certificate_chain_pem });
      await expect(keystore.importFile({ bytes: p12, passphrase: "another one" })).rejects.toMatchObject({
        code: "wrong_passphrase",
      });
    },
  );
});

describeWithOpenssl("what the key store hands out", () => {
  it.each(ALGORITHMS)(
    "of %s is read by OpenSSL: certificate, request, PKCS #8 and PKCS #12",
    async (algorithm) => {
      const { keystore, folder } = signingHome();
      const ca = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Root", isCa: true });
      const key = await keystore.generate({
        algorithm,
        subject: "CN=Acme Dev, O=Acme, C=DE",
        issuerKeyId: ca.id,
      });
      const write = (name: string, content: string | Uint8Array): void =>
        writeFileSync(join(folder, name), content);
      const pass = ["-passin", `pass:${PASSPHRASE}`];
      write("ca.pem", keystore.exportCertificate(ca.id));
      write("chain.pem", keystore.exportCertificate(key.id));
      write("key.pem", await keystore.exportPrivateKey(key.id, PASSPHRASE));
      write("key.p12", await keystore.exportPkcs12(key.id, PASSPHRASE));
      write("key.csr", await keystore.csr(key.id));

      const at = String(NOW.getTime() / 1000 + 60);
      const strict = ["-x509_strict", "-attime", at, "-CAfile", "ca.pem", "chain.pem"];
      expect(openssl(folder, "verify", ...strict)).toMatchObject({ ok: true });
      const shown = opensslMust(folder, "x509", "-in", "chain.pem", "-noout", "-text");
      for (const text of [
        "CA:FALSE",
        "X509v3 Key Usage: critical",
        "Digital Signature",
        "Code Signing",
        "Subject Key Id",
      ]) {
        expect(shown).toContain(text);
      }
      expect(opensslMust(folder, "pkey", "-in", "key.pem", ...pass, "-pubout")).toBe(key.public_key_pem);
      expect(openssl(folder, "pkey", "-in", "key.pem", "-passin", "pass:another")).toMatchObject({
        ok: false,
      });

      const request = openssl(
        folder,
        "req",
        "-in",
        "key.csr",
        "-verify",
        "-noout",
        "-subject",
        "-nameopt",
        "RFC2253",
      );
      expect(request).toMatchObject({ ok: true, stdout: expect.stringContaining("C=DE,O=Acme,CN=Acme Dev") });
      expect(opensslMust(folder, "req", "-in", "key.csr", "-noout", "-pubkey")).toBe(key.public_key_pem);

      const opened = opensslMust(folder, "pkcs12", "-in", "key.p12", ...pass, "-nodes");
      const certificates = opened.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
      expect(`${certificates.join("\n")}\n`).toBe(key.certificate_chain_pem);
      write("opened.pem", opened);
      expect(opensslMust(folder, "pkey", "-in", "opened.pem", "-pubout")).toBe(key.public_key_pem);
      expect(openssl(folder, "pkcs12", "-in", "key.p12", "-passin", "pass:another", "-nodes")).toMatchObject({
        ok: false,
      });
    },
  );

  it("takes the certificate that an authority outside issued for a request, and refuses one for another key", async () => {
    const { keystore, folder, clock } = signingHome();
    const { key, csr } = await keystore.createRequest({
      algorithm: "ecdsa-p384",
      subject: "CN=Acme, O=Acme",
    });
    const run = (line: string): string => opensslMust(folder, ...line.split(" "));
    writeFileSync(join(folder, "key.csr"), csr);
    run("genpkey -algorithm ed25519 -out root.key");
    run("req -x509 -key root.key -subj /CN=Outside -days 9 -out root.pem");
    run(
      "x509 -req -in key.csr -CA root.pem -CAkey root.key -CAcreateserial -days 5 -copy_extensions copyall -out leaf.pem",
    );
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    expect(() => keystore.attachCertificate(key.id, read("root.pem"))).toThrow(
      expect.objectContaining({ code: "certificate_mismatch" }),
    );
    expect(() => keystore.attachCertificate(key.id, read("root.pem").replace("MI", "AA"))).toThrow(
      expect.objectContaining({ code: "corrupt_certificate" }),
    );
    const attached = keystore.attachCertificate(key.id, read("root.pem") + read("leaf.pem"));
    expect(attached).toMatchObject({
      has_certificate: true,
      issuer_key_id: null,
      subject: "CN=Acme, O=Acme",
    });
    // OpenSSL's certificates are valid from its own clock on.
    clock.time = new Date();
    const archive = Buffer.from("archive");
    const signer = keystore.signer(key.id);
    const signature = await signArchive({ archive, signer, signingTime: clock.time });
    const trust = trusting(read("root.pem"));
    expect(await verifyArchive({ archive, signature, trust, at: clock.time })).toMatchObject({
      verified: true,
    });
  });
});
