import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AsnType, Integer, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import { describe, expect, it } from "vitest";
import { SigningError, type SigningErrorCode } from "../../../core/signing/index.ts";
import { describeWithOpenssl, HAS_LEGACY_PROVIDER, opensslMust } from "../support/openssl.ts";
import { type SigningHome, signingHome } from "../support/signing-home.ts";

const PASSPHRASE = "correct horse battery";
const LEGACY = ["-provider", "legacy", "-provider", "default"];

/** A home with OpenSSL's key.pem (plain PKCS #8) and cert.pem in its folder. */
function opensslHome(...keyArguments: string[]) {
  const home = signingHome();
  opensslMust(home.folder, "genpkey", ...keyArguments, "-out", "key.pem");
  opensslMust(
    home.folder,
    ..."req -x509 -key key.pem -subj /O=Oracle/CN=Publisher -days 30 -out cert.pem".split(" "),
  );
  return {
    ...home,
    run: (line: string, ...more: string[]): string => opensslMust(home.folder, ...line.split(" "), ...more),
    read: (name: string): Buffer => readFileSync(join(home.folder, name)),
    write: (name: string, content: string | Uint8Array): void =>
      writeFileSync(join(home.folder, name), content),
  };
}

const RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
const P256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const ED25519 = ["-algorithm", "ed25519"];

/** The code of the refusal, having checked that it gives nothing away. */
async function refusal(home: SigningHome, bytes: Uint8Array, passphrase?: string): Promise<SigningErrorCode> {
  try {
    await home.keystore.importFile({ bytes, passphrase });
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    const shown = JSON.stringify({ ...error.toJSON(), stack: error.stack });
    if (passphrase) expect(shown).not.toContain(passphrase);
    expect(shown).not.toContain("PRIVATE KEY-----");
    expect(home.keystore.list()).toEqual([]);
    return error.code;
  }
  throw new Error("the file was accepted");
}

describeWithOpenssl("importing what OpenSSL made", () => {
  it.each([
    ["rsa-3072", RSA],
    ["ecdsa-p256", P256],
    ["ecdsa-p384", P384],
    ["ed25519", ED25519],
  ])(
    "reads %s from plain and encrypted PKCS #8, PEM and DER, and from PKCS #12",
    async (algorithm, keyArguments) => {
      const home = opensslHome(...keyArguments);
      const { keystore, run, read } = home;
      const pass = ["-passout", `pass:${PASSPHRASE}`];
      run("pkcs8 -topk8 -in key.pem -outform DER -nocrypt -out plain.der");
      run("pkcs8 -topk8 -in key.pem -out encrypted.pem", ...pass);
      run("pkcs8 -topk8 -in key.pem -outform DER -out encrypted.der", ...pass);
      run("pkcs8 -topk8 -in key.pem -scrypt -out scrypt.pem", ...pass);
      run("pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-3DES -out old.pem", ...pass);
      run("pkcs12 -export -inkey key.pem -in cert.pem -out modern.p12", ...pass);
      const expected = run("pkey -in key.pem -pubout");
      for (const name of [
        "key.pem",
        "plain.der",
        "encrypted.pem",
        "encrypted.der",
        "scrypt.pem",
        "old.pem",
        "modern.p12",
      ]) {
        const passphrase = name === "key.pem" || name === "plain.der" ? undefined : PASSPHRASE;
        const record = await keystore.importFile({ bytes: read(name), passphrase });
        expect(record, name).toMatchObject({
          algorithm,
          public_key_pem: expected,
          has_certificate: name.endsWith("p12"),
        });
        keystore.delete(record.id);
        if (passphrase === undefined) continue;
        expect(await refusal(home, read(name)), name).toBe("passphrase_required");
        expect(await refusal(home, read(name), "a wrong one"), name).toBe("wrong_passphrase");
      }
    },
  );

  it("reads PKCS #1 and SEC 1, plain and in the encrypted PEM of old", async () => {
    for (const [keyArguments, tool] of [
      [RSA, "rsa"],
      [P256, "ec"],
    ] as const) {
      const home = opensslHome(...keyArguments);
      const traditional = tool === "rsa" ? ["-traditional"] : [];
      home.run(`${tool} -in key.pem -out plain.pem`, ...traditional);
      home.run(`${tool} -in key.pem -outform DER -out plain.der`, ...traditional);
      for (const cipher of ["aes256", "des3"]) {
        home.run(
          `${tool} -in key.pem -${cipher} -out ${cipher}.pem`,
          ...traditional,
          "-passout",
          `pass:${PASSPHRASE}`,
        );
        expect(home.read(`${cipher}.pem`).toString()).toContain("DEK-Info");
      }
      for (const name of ["plain.pem", "plain.der", "aes256.pem", "des3.pem"]) {
        const record = await home.keystore.importFile({ bytes: home.read(name), passphrase: PASSPHRASE });
        home.keystore.delete(record.id);
      }
      expect(await refusal(home, home.read("des3.pem"))).toBe("passphrase_required");
      expect(await refusal(home, home.read("des3.pem"), "a wrong one")).toBe("wrong_passphrase");
    }
  });

  it("reads one PEM file with key, certificate and chain in any order, and keeps the chain", async () => {
    const home = opensslHome(...P256);
    const { run, read, write } = home;
    write("leaf.ext", "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n");
    run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out root.key");
    run("req -x509 -key root.key -subj /CN=Root -days 30 -out root.pem");
    run("req -new -key key.pem -subj /CN=Leaf -out leaf.csr");
    run(
      "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 9 -extfile leaf.ext -out leaf.pem",
    );
    write(
      "all.pem",
      Buffer.concat([read("root.pem"), Buffer.from("a comment\n"), read("key.pem"), read("leaf.pem")]),
    );
    const record = await home.keystore.importFile({ bytes: read("all.pem") });
    expect(record).toMatchObject({ subject: "CN=Leaf", has_certificate: true, is_ca: false });
    expect(record.certificate_chain_pem).toBe(read("leaf.pem").toString() + read("root.pem").toString());

    home.keystore.delete(record.id);
    run(
      "pkcs12 -export -inkey key.pem -in leaf.pem -certfile root.pem -out chain.p12",
      "-passout",
      "pass:geheim-größe",
    );
    const again = await home.keystore.importFile({ bytes: read("chain.p12"), passphrase: "geheim-größe" });
    expect(again.certificate_chain_pem).toBe(record.certificate_chain_pem);
  });

  it("refuses a certificate that was made for another key", async () => {
    const home = opensslHome(...P256);
    const stranger = opensslHome(...P256);
    const bytes = Buffer.concat([home.read("key.pem"), stranger.read("cert.pem")]);
    expect(await refusal(home, bytes)).toBe("certificate_mismatch");
  });

  it.each([
    ["RSA with 2048 bits", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "key_too_weak"],
    ["ECDSA P-521", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "unsupported_key_format"],
    [
      "ECDSA secp256k1",
      ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
      "unsupported_key_format",
    ],
    ["X25519", ["-algorithm", "X25519"], "unsupported_key_format"],
    ["RSA-PSS", ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:3072"], "unsupported_key_format"],
  ])("refuses %s by name", async (_name, keyArguments, code) => {
    const home = signingHome();
    opensslMust(home.folder, "genpkey", ...keyArguments, "-out", "key.pem");
    expect(await refusal(home, readFileSync(join(home.folder, "key.pem")))).toBe(code);
  });

  const legacyTitle = HAS_LEGACY_PROVIDER
    ? ""
    : " — SKIPPED: this OpenSSL has no legacy provider to make such files";
  it.skipIf(!HAS_LEGACY_PROVIDER)(
    `reads the ciphers of the 1990s: RC2-40, 3DES and DES${legacyTitle}`,
    async () => {
      for (const [keyArguments, algorithm] of [
        [RSA, "rsa-3072"],
        [P384, "ecdsa-p384"],
      ] as const) {
        const home = opensslHome(...keyArguments);
        const { run, read } = home;
        const pass = ["-passout", `pass:${PASSPHRASE}`];
        run("pkcs12 -export -legacy -inkey key.pem -in cert.pem -out legacy.p12", ...pass, ...LEGACY);
        run("pkcs8 -topk8 -in key.pem -v1 PBE-SHA1-RC2-40 -out rc2.pem", ...pass, ...LEGACY);
        const names = ["legacy.p12", "rc2.pem"];
        if (algorithm === "rsa-3072") {
          run("rsa -traditional -in key.pem -des -out des.pem", ...pass, ...LEGACY);
          names.push("des.pem");
        }
        for (const name of names) {
          const record = await home.keystore.importFile({ bytes: read(name), passphrase: PASSPHRASE });
          expect(record, name).toMatchObject({ algorithm, has_certificate: name === "legacy.p12" });
          if (name === "legacy.p12") expect(record.certificate_chain_pem).toBe(read("cert.pem").toString());
          home.keystore.delete(record.id);
          expect(await refusal(home, read(name), "a wrong one"), name).toBe("wrong_passphrase");
          expect(await refusal(home, read(name)), name).toBe("passphrase_required");
        }
      }
    },
  );

  it("tells a damaged file from a wrong passphrase", async () => {
    const home = opensslHome(...P256);
    const { run, read } = home;
    run("pkcs12 -export -inkey key.pem -in cert.pem -out key.p12", "-passout", `pass:${PASSPHRASE}`);
    run("pkcs8 -topk8 -in key.pem -outform DER -out key.der", "-passout", `pass:${PASSPHRASE}`);
    const pem = read("key.pem").toString();
    const damaged: [string, Uint8Array][] = [
      ["a PKCS #12 file cut short", read("key.p12").subarray(0, 400)],
      ["an encrypted key cut short", read("key.der").subarray(0, 100)],
      ["a PEM without its end", Buffer.from(pem.slice(0, 90))],
      ["a PEM that is not base64", Buffer.from(pem.replace(/MI/, "M!"))],
      ["a plain key cut short", Buffer.from(pem.replace(/\n[^\n]{40}[^\n]*\n-----END/, "\n-----END"))],
      ["bytes after the end", Buffer.concat([read("key.der"), Buffer.of(1, 2, 3)])],
      ["an empty file", Buffer.alloc(0)],
    ];
    for (const [name, bytes] of damaged)
      expect(await refusal(home, bytes, PASSPHRASE), name).toBe("corrupt_key_file");
  });

  it("says that a certificate or a public key is no private key", async () => {
    const home = opensslHome(...P256);
    home.run("pkey -in key.pem -pubout -out public.pem");
    home.run("x509 -in cert.pem -outform DER -out cert.der");
    for (const name of ["cert.pem", "cert.der", "public.pem"]) {
      expect(await refusal(home, home.read(name)), name).toBe("private_key_missing");
    }
  });
});

describe("importing a key file", () => {
  it.each([
    [
      "an OpenSSH key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n",
    ],
    ["a PGP key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQdGBGA=\n-----END PGP PRIVATE KEY BLOCK-----\n"],
    ["a Java key store", Buffer.from("feedfeed00000002", "hex")],
    ["a text", "my key is under the mat"],
  ])("refuses %s as an unsupported format", async (_name, content) => {
    expect(await refusal(signingHome(), Buffer.from(content))).toBe("unsupported_key_format");
  });

  it("refuses a file that asks for an hour of passphrase derivation, without deriving anything", async () => {
    const algorithm = (value: string, ...parameters: AsnType[]): Sequence =>
      new Sequence({ value: [new ObjectIdentifier({ value }), ...parameters] });
    const salt = new OctetString({ valueHex: new ArrayBuffer(8) });
    const rounds = new Integer({ value: 2 ** 31 - 1 });
    const derivation = algorithm("1.2.840.113549.1.5.12", new Sequence({ value: [salt, rounds] }));
    const iv = new OctetString({ valueHex: new ArrayBuffer(16) });
    const parameters = new Sequence({ value: [derivation, algorithm("2.16.840.1.101.3.4.1.42", iv)] });
    const encrypted = new OctetString({ valueHex: new ArrayBuffer(64) });
    const file = new Sequence({ value: [algorithm("1.2.840.113549.1.5.13", parameters), encrypted] });
    expect(await refusal(signingHome(), Buffer.from(file.toBER()), PASSPHRASE)).toBe(
      "unsupported_key_format",
    );
  });

  it("refuses a key whose halves do not belong together", async () => {
    const pair = (): Buffer =>
      generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "der" });
    const mixed = Buffer.from(pair());
    const other = pair();
    // The public point is the last member.
    other.copy(mixed, mixed.length - 64, other.length - 64);
    expect(await refusal(signingHome(), mixed)).toBe("corrupt_key_file");
  });

  it("refuses two keys in one file, and a key that is here already", async () => {
    const home = signingHome();
    const pem = (): string =>
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const first = pem();
    expect(await refusal(home, Buffer.from(first + pem()))).toBe("unsupported_key_format");
    const record = await home.keystore.importFile({ bytes: Buffer.from(first), subject: "CN=Mine" });
    expect(record).toMatchObject({ subject: "CN=Mine", has_certificate: true });
    await expect(home.keystore.importFile({ bytes: Buffer.from(first) })).rejects.toMatchObject({
      code: "key_exists",
      details: { key_id: record.id },
    });
  });
});
