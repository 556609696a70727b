import { describe, expect, it } from "vitest";
import { signArchive, TrustError, trustSnapshotFromPem, verifyArchive } from "../../../core/signing/index.ts";
import { NOW, signingHome } from "../support/signing-home.ts";
import { authority, publicKeyPem, publisher } from "../support/test-authority.ts";

describe("the trust list", () => {
  it("takes several certificates and public keys from one text, each once, and lists what they are", async () => {
    const { trust } = signingHome();
    const acme = await publisher("Acme");
    const root = await authority("Root");
    const pem = `# our publishers\n${acme.pem}and their root\n${root.pem}${publicKeyPem(acme)}${acme.pem}`;
    const added = trust.add({ pem, note: "from the wiki" });
    expect(added).toHaveLength(3);
    expect(trust.list()).toEqual(expect.arrayContaining(added));
    expect(trust.list()).toHaveLength(3);
    expect(added[0]).toMatchObject({
      kind: "certificate",
      subject: "CN=Acme",
      fingerprint_sha256: acme.fingerprint,
      not_after: acme.certificate.notAfter.toISOString(),
      source: "own",
      tenants: null,
      note: "from the wiki",
      created_at: NOW.toISOString(),
    });
    expect(added[2]).toMatchObject({ kind: "public_key", subject: null });
    expect(trustSnapshotFromPem(trust.exportPem()).anchors).toHaveLength(3);
  });

  it("widens the scope of an entry that is added again, and never narrows it", async () => {
    const { trust } = signingHome();
    const { pem } = await publisher("Acme");
    const [first] = trust.add({ pem, tenants: ["a"], note: "kept" });
    expect(trust.add({ pem, tenants: ["b", "a"] })).toMatchObject([
      { id: first?.id, tenants: ["a", "b"], note: "kept" },
    ]);
    expect(trust.add({ pem })).toMatchObject([{ id: first?.id, tenants: null }]);
    expect(trust.add({ pem, tenants: ["a"], note: "new" })).toMatchObject([{ tenants: null, note: "new" }]);
    expect(trust.list()).toHaveLength(1);
  });

  it("lets an entry go, and knows only its own", async () => {
    const { trust } = signingHome((await publisher("From outside")).pem);
    const [entry] = trust.add({ pem: (await publisher("Acme")).pem });
    trust.remove(entry?.id ?? "");
    expect(trust.list()).toMatchObject([{ source: "environment", subject: "CN=From outside" }]);
    for (const id of [entry?.id ?? "", "nobody", trust.list()[0]?.id ?? ""]) {
      expect(() => trust.remove(id)).toThrow(expect.objectContaining({ code: "trust_entry_not_found" }));
    }
  });

  it("refuses a private key at once, and adds nothing of that file", async () => {
    const { trust, keystore } = signingHome();
    const key = await keystore.generate({ algorithm: "ed25519", subject: "CN=Acme" });
    const pem = key.certificate_chain_pem + (await keystore.exportPrivateKey(key.id, "long enough"));
    expect(() => trust.add({ pem })).toThrow(expect.objectContaining({ code: "private_key_in_trust_file" }));
    expect(trust.list()).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["a text", "trust me"],
    ["a block cut short", "-----BEGIN CERTIFICATE-----\nMIIB\n"],
    ["a damaged certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
    ["a damaged public key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"],
    ["something else", "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n"],
  ])("refuses a file with %s", (_what, pem) => {
    const { trust } = signingHome();
    expect(() => trust.add({ pem })).toThrow(expect.objectContaining({ code: "bad_trust_file" }));
    expect(() => trustSnapshotFromPem(pem)).toThrow(TrustError);
  });

  it("reads the environment's bundle at the start and stops it by name when it is bad", async () => {
    const { trust } = signingHome((await publisher("Acme")).pem);
    expect(trust.snapshot().anchors).toMatchObject([{ source: "environment", tenants: null }]);
    expect(() => signingHome("not a bundle")).toThrow(
      expect.objectContaining({
        code: "bad_trust_bundle",
        kind: "environment",
        message: expect.stringContaining("SIGNING_TRUST_BUNDLE"),
      }),
    );
  });

  it("judges signatures as it stands: trusted, then revoked, then forgotten", async () => {
    const { trust, keystore } = signingHome();
    const archive = Buffer.from("archive");
    const key = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Acme" });
    const signature = await signArchive({ archive, signer: keystore.signer(key.id), signingTime: NOW });
    const code = async () =>
      (await verifyArchive({ archive, signature, trust: trust.snapshot(), at: NOW })).code;
    expect(await code()).toBe("untrusted_signer");
    const [entry] = trust.add({ pem: key.certificate_chain_pem });
    expect(await code()).toBeUndefined();
    trust.revoke({ fingerprint: key.fingerprint_sha256 ?? "", reason: "laptop lost" });
    expect(await code()).toBe("certificate_revoked");
    trust.remove(entry?.id ?? "");
    expect(await code()).toBe("certificate_revoked");
  });
});

describe("a revocation", () => {
  const HEX = "ab".repeat(32);

  it.each([
    ["plain hex", { fingerprint: HEX }, { by: "fingerprint", value: HEX }],
    [
      "OpenSSL's form",
      { fingerprint: `sha256 Fingerprint=${"AB:".repeat(31)}AB` },
      { by: "fingerprint", value: HEX },
    ],
    ["a hash's form", { fingerprint: `sha256:${HEX}` }, { by: "fingerprint", value: HEX }],
    ["a serial with zeros", { serial: "00:0A:FF" }, { by: "serial", value: "aff" }],
    ["OpenSSL's serial", { serial: "serial=0AFF" }, { by: "serial", value: "aff" }],
  ])("is read from %s", (_form, options, expected) => {
    const { trust } = signingHome();
    expect(trust.revoke(options)).toEqual({ ...expected, revoked_at: NOW.toISOString() });
    expect(trust.revocations()).toEqual([{ ...expected, revoked_at: NOW.toISOString() }]);
  });

  it("keeps its date and reason, and the last word counts", () => {
    const { trust } = signingHome();
    trust.revoke({ serial: "aff", at: "2026-01-31T13:00:00+01:00", reason: "key stolen" });
    const first = {
      by: "serial",
      value: "aff",
      revoked_at: "2026-01-31T12:00:00.000Z",
      reason: "key stolen",
    };
    expect(trust.revocations()).toEqual([first]);
    trust.revoke({ serial: "0aff", at: new Date("2026-02-01") });
    expect(trust.revocations()).toEqual([
      { by: "serial", value: "aff", revoked_at: "2026-02-01T00:00:00.000Z" },
    ]);
  });

  it.each([
    ["bad_fingerprint", {}],
    ["bad_fingerprint", { fingerprint: "abcd" }],
    ["bad_fingerprint", { fingerprint: "zz".repeat(32) }],
    ["bad_serial", { serial: "" }],
    ["bad_serial", { serial: "12 34 xyz" }],
    ["bad_serial", { serial: "ab".repeat(21) }],
    ["bad_serial", { serial: "ab", fingerprint: HEX }],
    ["bad_time", { serial: "ab", at: "yesterday" }],
    ["bad_time", { serial: "ab", at: new Date("never") }],
  ])("is refused with %s: %j", (code, options) => {
    const { trust } = signingHome();
    expect(() => trust.revoke(options)).toThrow(expect.objectContaining({ code }));
    expect(trust.revocations()).toEqual([]);
  });
});
