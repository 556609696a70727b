import "reflect-metadata";
import { randomBytes } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import type { TrustAnchor } from "../../../core/contract/trust.ts";
import { signArchive, verifyArchive } from "../../../core/signing/index.ts";
import { NOW, trusting } from "../support/signing-home.ts";
import {
  authority,
  type Identity,
  identity,
  publicKeyPem,
  publisher,
  signerOf,
} from "../support/test-authority.ts";

const ARCHIVE = randomBytes(200);
const HOUR_MS = 60 * 60 * 1000;

/** Signs with an identity, puts its chain into the signature, and judges it by what is trusted. */
async function judge(
  signer: Identity,
  chain: Identity[],
  trusted: string[],
  more: Partial<Parameters<typeof verifyArchive>[0]> = {},
) {
  const signature = await signArchive({
    archive: ARCHIVE,
    signer: signerOf(signer, ...chain),
    signingTime: NOW,
  });
  return verifyArchive({ archive: ARCHIVE, signature, trust: trusting(...trusted), at: NOW, ...more });
}

describe("the chain check", () => {
  it("accepts a publisher under a trusted authority, directly and over an intermediate one", async () => {
    const root = await authority("Root");
    const middle = await authority("Middle", { issuer: root });
    const direct = await publisher("Direct", { issuer: root });
    const below = await publisher("Below", { issuer: middle });
    expect(await judge(direct, [], [root.pem])).toMatchObject({ verified: true });
    expect(await judge(below, [middle], [root.pem])).toMatchObject({ verified: true });
    expect(await judge(below, [], [middle.pem])).toMatchObject({ verified: true });
    expect(await judge(below, [], [root.pem])).toMatchObject({ code: "untrusted_signer" });
  });

  it("refuses a certificate that another publisher issued with its own", async () => {
    const root = await authority("Root");
    const honest = await publisher("Honest", { issuer: root });
    const forged = await publisher("Forged", { issuer: honest });
    expect(await judge(forged, [honest], [root.pem])).toMatchObject({ code: "chain_invalid" });
  });

  it("refuses an authority whose key usage does not permit issuing", async () => {
    const root = await authority("Root", { keyUsage: x509.KeyUsageFlags.cRLSign });
    expect(await judge(await publisher("A", { issuer: root }), [], [root.pem])).toMatchObject({
      code: "chain_invalid",
    });
  });

  it("refuses more authorities than a path length permits", async () => {
    const root = await authority("Root", { pathLength: 0 });
    const middle = await authority("Middle", { issuer: root });
    const below = await publisher("Below", { issuer: middle });
    expect(await judge(below, [middle], [root.pem])).toMatchObject({ code: "chain_invalid" });
    expect(await judge(await publisher("Direct", { issuer: root }), [], [root.pem])).toMatchObject({
      verified: true,
    });
  });

  it("refuses a certificate that names a trusted authority which did not sign it", async () => {
    const root = await authority("Root");
    const impostor = await authority("Root");
    const forged = await publisher("Forged", { issuer: impostor });
    expect(await judge(forged, [], [root.pem])).toMatchObject({ code: "chain_invalid" });
    expect(await judge(forged, [impostor], [root.pem])).toMatchObject({
      verified: false,
      code: "untrusted_signer",
    });
  });

  it("refuses a certificate that names itself as issuer and was signed by another key", async () => {
    const root = await authority("Root");
    const odd = await publisher("Odd", { issuer: root, issuerName: "CN=Odd" });
    expect(await judge(odd, [root], [root.pem])).toMatchObject({ code: "chain_invalid" });
    expect(await judge(odd, [], [publicKeyPem(odd)])).toMatchObject({ code: "chain_invalid" });
  });

  it("refuses a critical extension that it does not understand, at every place in the chain", async () => {
    const unknown = [new x509.Extension("1.2.3.4.5", true, Buffer.from([0x05, 0x00]))];
    const root = await authority("Root", { extensions: unknown });
    expect(await judge(await publisher("A", { issuer: root }), [], [root.pem])).toMatchObject({
      code: "chain_invalid",
    });
    const odd = await publisher("Odd", { extensions: unknown });
    expect(await judge(odd, [], [odd.pem])).toMatchObject({ code: "chain_invalid" });
  });

  it("finds the trusted way among several and does not loop where authorities certify each other", async () => {
    const one = await authority("One");
    const two = await authority("Two");
    const oneByTwo = await authority("One", { issuer: two, privateKey: one.privateKey });
    const twoByOne = await authority("Two", { issuer: one, privateKey: two.privateKey });
    const acme = await publisher("Acme", { issuer: one });
    const chain = [oneByTwo, twoByOne];
    expect(await judge(acme, chain, [two.pem])).toMatchObject({ verified: true });
    expect(await judge(acme, chain, [one.pem])).toMatchObject({ verified: true });
    expect((await judge(acme, chain, [])).verified).toBe(false);
  });

  it("gives up on a chain that is longer than any honest one", async () => {
    const chain = [await authority("Root")];
    for (let depth = 1; depth <= 9; depth += 1)
      chain.unshift(await authority(`Level ${depth}`, { issuer: first(chain) }));
    const acme = await publisher("Acme", { issuer: first(chain) });
    const report = await judge(acme, chain, [chain.at(-1)?.pem ?? ""]);
    expect(report).toMatchObject({ verified: false, code: "chain_invalid" });
  });
});

describe("validity", () => {
  it("is judged for every certificate of the chain, at the time given, ends included", async () => {
    const edge = new Date(NOW.getTime() + HOUR_MS);
    const root = await authority("Root", { notAfter: edge });
    const acme = await publisher("Acme", { issuer: root });
    const at = (offsetMs: number) => judge(acme, [], [root.pem], { at: new Date(edge.getTime() + offsetMs) });
    expect(await at(0)).toMatchObject({ verified: true });
    expect(await at(999)).toMatchObject({ verified: true });
    expect(await at(1000)).toMatchObject({ code: "certificate_expired" });
    const young = await publisher("Young", { notBefore: edge });
    expect(await judge(young, [], [young.pem])).toMatchObject({ code: "certificate_not_yet_valid" });
  });
});

describe("key usage", () => {
  it.each<[string, Partial<Parameters<typeof publisher>[1]> & object, boolean]>([
    ["code signing", {}, true],
    ["any purpose", { extendedKeyUsage: ["2.5.29.37.0"] }, true],
    ["a web server", { extendedKeyUsage: [x509.ExtendedKeyUsage.serverAuth] }, false],
    ["key encipherment only", { keyUsage: x509.KeyUsageFlags.keyEncipherment }, false],
    ["non-repudiation only", { keyUsage: x509.KeyUsageFlags.nonRepudiation }, false],
  ])("of a certificate for %s", async (_purpose, options, accepted) => {
    const acme = await publisher("Acme", options);
    const report = await judge(acme, [], [acme.pem]);
    expect(report.verified).toBe(accepted);
    if (!accepted) expect(report.code).toBe("key_usage_invalid");
  });

  it("is not limited by a certificate that does not say", async () => {
    const plain = await identity({ name: "Plain" });
    expect(await judge(plain, [], [plain.pem])).toMatchObject({ verified: true });
  });

  it("of an authority limits what it may issue for, and an authority's own does not sign bundles", async () => {
    const webOnly = await authority("Web", { extendedKeyUsage: [x509.ExtendedKeyUsage.serverAuth] });
    const acme = await publisher("Acme", { issuer: webOnly });
    expect(await judge(acme, [], [webOnly.pem])).toMatchObject({ code: "key_usage_invalid" });
    const root = await authority("Root");
    expect(await judge(root, [], [root.pem])).toMatchObject({ code: "key_usage_invalid" });
  });
});

describe("revocation", () => {
  it("counts by fingerprint, by serial and by key, for every certificate of the chain, from its date on", async () => {
    const root = await authority("Root");
    const acme = await publisher("Acme", { issuer: root });
    const { anchors } = trusting(root.pem);
    const spki = new x509.X509Certificate(acme.pem).publicKey.rawData;
    const key = Buffer.from(await crypto.subtle.digest("SHA-256", spki)).toString("hex");
    const revoked = async (by: "fingerprint" | "serial", value: string, revoked_at: string) => {
      const report = await judge(acme, [], [], {
        trust: { anchors, revocations: [{ by, value, revoked_at }] },
      });
      return report.code;
    };
    const before = new Date(NOW.getTime() - 1).toISOString();
    const after = new Date(NOW.getTime() + 1).toISOString();
    expect(await revoked("fingerprint", acme.fingerprint, before)).toBe("certificate_revoked");
    expect(await revoked("fingerprint", acme.fingerprint, NOW.toISOString())).toBe("certificate_revoked");
    expect(await revoked("fingerprint", acme.fingerprint, after)).toBeUndefined();
    expect(await revoked("serial", acme.serial, before)).toBe("certificate_revoked");
    expect(await revoked("fingerprint", root.fingerprint, before)).toBe("certificate_revoked");
    expect(await revoked("fingerprint", key, before)).toBe("certificate_revoked");
    expect(await revoked("serial", acme.serial, "a date that nobody can read")).toBe("certificate_revoked");
    expect(await revoked("fingerprint", (await publisher("Other")).fingerprint, before)).toBeUndefined();
  });
});

describe("trust", () => {
  it("in a pinned publisher certificate is for that certificate and not for others of the same name", async () => {
    const acme = await publisher("Acme");
    expect(await judge(acme, [], [acme.pem])).toMatchObject({ verified: true });
    expect(await judge(await publisher("Acme"), [], [acme.pem])).toMatchObject({ code: "untrusted_signer" });
  });

  it("in a pinned publisher certificate needs nothing of its authority", async () => {
    const acme = await publisher("Acme", { issuer: await authority("Root") });
    expect(await judge(acme, [], [acme.pem])).toMatchObject({ verified: true });
  });

  it("in a pinned publisher certificate does not make it an authority", async () => {
    const acme = await publisher("Acme");
    const below = await publisher("Below", { issuer: acme });
    expect(await judge(below, [acme], [acme.pem])).toMatchObject({ code: "chain_invalid" });
  });

  it("in a bare public key is for signatures of that key, in whatever certificate", async () => {
    const acme = await publisher("Acme");
    const renewed = await publisher("Acme 2", { privateKey: acme.privateKey });
    const issued = await publisher("Acme 3", {
      privateKey: acme.privateKey,
      issuer: await authority("Root"),
    });
    for (const one of [acme, renewed, issued]) {
      expect(await judge(one, [], [publicKeyPem(acme)])).toMatchObject({ verified: true });
    }
    expect(await judge(await publisher("Acme"), [], [publicKeyPem(acme)])).toMatchObject({
      code: "untrusted_signer",
    });
  });

  it("in a bare public key does not make its owner an authority", async () => {
    const root = await authority("Root");
    const acme = await publisher("Acme", { issuer: root });
    expect(await judge(acme, [root], [publicKeyPem(root)])).toMatchObject({ code: "untrusted_signer" });
  });

  it("counts for the tenants that an entry names; asked without a tenant, the report names the scope", async () => {
    const acme = await publisher("Acme");
    const [anchor] = trusting(acme.pem).anchors;
    const scoped = { ...(anchor as TrustAnchor), tenants: ["tenant-a"] };
    const trust = { anchors: [scoped], revocations: [] };
    expect(await judge(acme, [], [], { trust, tenantId: "tenant-a" })).toMatchObject({ verified: true });
    const other = await judge(acme, [], [], { trust, tenantId: "tenant-b" });
    expect(other).toMatchObject({ verified: false, code: "untrusted_signer" });
    expect(JSON.stringify(other)).not.toContain("tenant-a");
    const unscoped = await judge(acme, [], [], { trust });
    expect(unscoped.verified).toBe(true);
    expect(unscoped.checks.at(-1)?.actual).toContain("only for tenants tenant-a");
  });

  it("survives names that imitate reports: they are escaped and cut", async () => {
    const acme = await publisher("Acme\u001b[2K\u202eevil, CN=Trusted".replaceAll(",", "\\,"));
    const report = await judge(acme, [], []);
    // As text, JSON would hide the characters behind escapes of its own.
    const shown = report.checks
      .map(({ expected, actual, detail }) => `${expected} ${actual} ${detail}`)
      .join();
    for (const character of ["\u001b", "\u202e"]) {
      expect(`${shown} ${report.signer?.subject}`.includes(character)).toBe(false);
    }
    expect(report.signer?.subject).toContain("\\u{1b}");
  });
});

function first(chain: Identity[]): Identity {
  const [identity] = chain;
  if (identity === undefined) throw new Error("an empty chain");
  return identity;
}
