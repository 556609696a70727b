import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../support/temp.ts";
import { openWindowWorkbench, uiBundle } from "./window-workbench.ts";

const SUBJECT = "CN=Acme Release, O=Acme";
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
const decoded = (text: string) => Buffer.from(text, "base64");

describe("signing keys over RPC", () => {
  test("a generated key is listed with usage, validity and without its private half", async () => {
    const { call } = await openWindowWorkbench();
    const { key } = await call("keys.generate", {
      kind: "self_signed",
      algorithm: "ecdsa-p256",
      subject: SUBJECT,
      days: 10,
    });
    expect(key).toMatchObject({
      subject: SUBJECT,
      issuer: SUBJECT,
      kind: "signing",
      usages: ["digitalSignature", "codeSigning"],
      validity: "expires_soon",
      is_active: false,
    });
    const listed = await call("keys.list", {});
    expect(listed.items).toEqual([key]);
    expect(JSON.stringify(listed)).not.toContain("PRIVATE");
  });

  test("the active key signs when none is named, and is forgotten with its key", async () => {
    const { call, upload, refusal } = await openWindowWorkbench();
    const upload_id = await upload(await uiBundle());
    expect((await refusal("bundles.sign", { bundle: { upload_id } })).code).toBe("key_not_found");
    const { key } = await call("keys.generate", {
      kind: "self_signed",
      algorithm: "ed25519",
      subject: SUBJECT,
    });
    expect((await call("keys.activate", { key_id: key.id })).key.is_active).toBe(true);
    expect(await call("bundles.sign", { bundle: { upload_id } })).toMatchObject({ key_id: key.id });
    await call("keys.delete", { key_id: key.id });
    expect((await refusal("bundles.sign", { bundle: { upload_id } })).code).toBe("key_not_found");
  });

  test("an authority cannot be made the active key, and cannot go before what it issued", async () => {
    const { call, refusal } = await openWindowWorkbench();
    const { key: authority } = await call("keys.generate", {
      kind: "authority",
      algorithm: "ecdsa-p384",
      subject: "CN=Acme CA",
    });
    expect((await refusal("keys.activate", { key_id: authority.id })).code).toBe("key_unusable");
    const { key } = await call("keys.generate", {
      kind: "issued",
      algorithm: "ecdsa-p256",
      subject: SUBJECT,
      issuer_key_id: authority.id,
    });
    expect(key).toMatchObject({ issuer: "CN=Acme CA", issuer_key_id: authority.id });
    expect((await call("keys.dependents", { key_id: authority.id })).issued).toEqual([
      { id: key.id, subject: SUBJECT },
    ]);
    expect((await refusal("keys.delete", { key_id: authority.id })).code).toBe("key_in_use");
    const chain = await call("certificates.inspect", { key_id: key.id });
    expect(chain.items.map(({ subject, is_ca }) => [subject, is_ca])).toEqual([
      [SUBJECT, false],
      ["CN=Acme CA", true],
    ]);
    expect(chain.items[0]?.extensions.map(({ name, critical }) => [name, critical])).toContainEqual([
      "Key usage",
      true,
    ]);
  });

  test("a request becomes a signing key when its certificate is attached", async () => {
    const { call, refusal } = await openWindowWorkbench();
    const folder = tempFolder();
    const { key, csr = "" } = await call("keys.generate", {
      kind: "request",
      algorithm: "ecdsa-p256",
      subject: SUBJECT,
    });
    expect(key).toMatchObject({ kind: "awaits_certificate", validity: "none" });
    const file = (name: string) => join(folder, name);
    writeFileSync(file("csr.pem"), csr);
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-subj",
      "/CN=Elsewhere",
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
    );
    const issued = openssl(
      "x509",
      "-req",
      "-in",
      "csr.pem",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-days",
      "90",
    );
    const other = await refusal("keys.attach", {
      key_id: key.id,
      pem: openssl("x509", "-in", "ca.pem").toString(),
    });
    expect(other.code).toBe("certificate_mismatch");
    const attached = await call("keys.attach", { key_id: key.id, pem: issued.toString() });
    expect(attached.key).toMatchObject({ kind: "signing", issuer: "CN=Elsewhere", validity: "valid" });
  });

  test("an exported key opens under its passphrase alone, and comes back in", async () => {
    const { call, refusal } = await openWindowWorkbench();
    const { key } = await call("keys.generate", {
      kind: "self_signed",
      algorithm: "ecdsa-p256",
      subject: SUBJECT,
    });
    const passphrase = "correct horse battery";
    const pkcs8 = decoded(
      (await call("keys.export", { key_id: key.id, format: "pkcs8", passphrase })).content_b64,
    ).toString();
    expect(pkcs8).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(createPrivateKey({ key: pkcs8, passphrase }).asymmetricKeyType).toBe("ec");
    const p12 = await call("keys.export", { key_id: key.id, format: "pkcs12", passphrase });
    expect((await refusal("keys.export", { key_id: key.id, format: "pkcs12" })).code).toMatch(/^passphrase/);
    await call("keys.delete", { key_id: key.id });

    const file_b64 = p12.content_b64;
    expect((await refusal("keys.import", { file_b64 })).code).toBe("passphrase_required");
    expect((await refusal("keys.import", { file_b64, passphrase: "nonsense!" })).code).toBe(
      "wrong_passphrase",
    );
    const half = base64(decoded(file_b64).subarray(0, 400));
    expect((await refusal("keys.import", { file_b64: half, passphrase })).code).toBe("corrupt_key_file");
    const jks = base64(Buffer.concat([Buffer.from("feedfeed00000002", "hex"), Buffer.alloc(64)]));
    expect((await refusal("keys.import", { file_b64: jks })).code).toBe("unsupported_key_format");
    const { key: back } = await call("keys.import", { file_b64, passphrase });
    expect(back.fingerprint_sha256).toBe(key.fingerprint_sha256);
  });

  test("a refused import repeats neither passphrase nor file", async () => {
    const { refusal } = await openWindowWorkbench();
    const { text } = await refusal("keys.import", {
      file_b64: base64("hunter2-file"),
      passphrase: "hunter2-pass",
    });
    expect(text).not.toMatch(/hunter2|aHVudGVy/);
  });
});

describe("trust over RPC", () => {
  test("what depends on a key is named: bundles, trust entries, being the active one", async () => {
    const { call, upload, workbench, tenantId } = await openWindowWorkbench();
    const { key } = await call("keys.generate", {
      kind: "self_signed",
      algorithm: "ecdsa-p256",
      subject: SUBJECT,
    });
    await call("keys.activate", { key_id: key.id });
    const { items } = await call("trust.add", {
      source: { key_id: key.id },
      tenants: [tenantId],
      note: "ours",
    });
    expect(items).toMatchObject([{ key_id: key.id, tenants: [tenantId], note: "ours", source: "own" }]);
    const upload_id = await upload(await uiBundle());
    const published = await call("registry.publish", { bundle: { upload_id }, key_id: key.id });
    expect(published).toMatchObject({ outcome: "published", version: "1.0.0" });
    expect(await call("keys.dependents", { key_id: key.id })).toMatchObject({
      signed: [{ name: "com.acme.board", version: "1.0.0", installs: 0 }],
      trust: [{ id: items[0]?.id }],
      is_active: true,
    });

    await call("trust.remove", { trust_id: items[0]?.id ?? "" });
    expect(workbench.registry.getExtension("com.acme.board").versions[0]).toMatchObject({
      status: "invalid",
      invalid_code: "untrusted_signer",
    });
  });

  test("a revocation shows on the key and makes its bundles fail", async () => {
    const { call, upload } = await openWindowWorkbench();
    const { key } = await call("keys.generate", {
      kind: "self_signed",
      algorithm: "ecdsa-p256",
      subject: SUBJECT,
    });
    await call("trust.add", { source: { key_id: key.id }, tenants: null });
    const upload_id = await upload(await uiBundle());
    const { signature } = await call("bundles.sign", { bundle: { upload_id }, key_id: key.id });
    const before = await call("bundles.verify", { bundle: { upload_id }, signature });
    expect(before.report.verified).toBe(true);
    await call("trust.revoke", {
      by: "fingerprint",
      value: key.fingerprint_sha256 ?? "",
      reason: "laptop lost",
    });
    expect((await call("keys.list", {})).items[0]?.revoked).toMatchObject({ reason: "laptop lost" });
    const { report } = await call("bundles.verify", { bundle: { upload_id }, signature });
    expect(report).toMatchObject({ verified: false, code: "certificate_revoked" });
  });

  test.each(["ecdsa-p256", "ed25519"] as const)(
    "the OpenSSL command for %s answers as the report does",
    async (algorithm) => {
      const { call, upload } = await openWindowWorkbench();
      const { key } = await call("keys.generate", { kind: "self_signed", algorithm, subject: SUBJECT });
      await call("trust.add", { source: { key_id: key.id }, tenants: null });
      const archive = await uiBundle();
      const upload_id = await upload(archive);
      const { signature } = await call("bundles.sign", { bundle: { upload_id }, key_id: key.id });
      const { report, openssl } = await call("bundles.verify", { bundle: { upload_id }, signature });
      expect(report.verified).toBe(true);
      const folder = tempFolder();
      writeFileSync(join(folder, "bundle.tar.zst"), archive);
      for (const { file_name, content_b64 } of openssl.files) {
        writeFileSync(join(folder, file_name), decoded(content_b64));
      }
      const said = execFileSync("sh", ["-c", `${openssl.command} 2>&1`], { cwd: folder, encoding: "utf8" });
      expect(said).toMatch(/successful|Verified Successfully/i);
    },
  );

  test("an upload takes its parts in order and nothing beyond its size", async () => {
    const { call, refusal, upload } = await openWindowWorkbench();
    const first = { size: 8, offset: 0, part_b64: base64("1234") };
    const { upload_id } = await call("bundles.upload", first);
    const gap = { upload_id, size: 8, offset: 6, part_b64: base64("78") };
    expect((await refusal("bundles.upload", gap)).code).toBe("size_mismatch");
    const over = { upload_id, size: 8, offset: 4, part_b64: base64("56789") };
    expect((await refusal("bundles.upload", over)).code).toBe("size_mismatch");
    expect((await refusal("bundles.verify", { bundle: { upload_id } })).code).toBe("size_mismatch");
    const whole = await upload(new TextEncoder().encode("no bundle at all"));
    await call("bundles.discard", { upload_id: whole });
    expect((await refusal("bundles.verify", { bundle: { upload_id: whole } })).code).toBe("upload_not_found");
  });
});
