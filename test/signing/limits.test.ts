import { describe, expect, it } from "vitest";
import { MAX_ARCHIVE_BYTES } from "../../core/contract/limits.ts";
import { trustSnapshotFromPem, verifyArchive } from "../../core/signing/index.ts";
import { MAX_KEY_FILE_BYTES } from "../../core/signing/keyfile/key-file.ts";
import { MAX_TRUST_FILE_BYTES } from "../../core/signing/trust/trust-file.ts";
import { NOW, signingHome, trusting } from "./support/signing-home.ts";

describe("the limits of what signing reads", () => {
  it("let a trust file of the greatest size pass and not one byte more", async () => {
    const { keystore } = signingHome();
    const { certificate_chain_pem } = await keystore.generate({ algorithm: "ed25519", subject: "CN=Acme" });
    const padded = (size: number): string => certificate_chain_pem.padEnd(size, "\n");
    expect(trustSnapshotFromPem(padded(MAX_TRUST_FILE_BYTES)).anchors).toHaveLength(1);
    expect(() => trustSnapshotFromPem(padded(MAX_TRUST_FILE_BYTES + 1))).toThrow(
      expect.objectContaining({ code: "bad_trust_file" }),
    );
  });

  it("let a key file of the greatest size pass and not one byte more", async () => {
    const { keystore } = signingHome();
    const key = await keystore.generate({ algorithm: "ed25519", subject: "CN=Acme" });
    const pem = await keystore.exportPrivateKey(key.id, "long enough");
    keystore.delete(key.id);
    const padded = (size: number): Buffer => Buffer.from(pem.padEnd(size, "\n"));
    const passphrase = "long enough";
    const tooLarge = keystore.importFile({ bytes: padded(MAX_KEY_FILE_BYTES + 1), passphrase });
    await expect(tooLarge).rejects.toMatchObject({ code: "unsupported_key_format" });
    const imported = await keystore.importFile({ bytes: padded(MAX_KEY_FILE_BYTES), passphrase });
    expect(imported.public_key_pem).toBe(key.public_key_pem);
  });

  it("refuse an archive one byte too large before anybody reads it", async () => {
    let asked = 0;
    const check = async (size: number) => {
      const checkArchive = async () => {
        asked += 1;
        return { ok: true } as const;
      };
      const archive = Buffer.alloc(size);
      return verifyArchive({ archive, signature: undefined, trust: trusting(), at: NOW, checkArchive });
    };
    expect((await check(MAX_ARCHIVE_BYTES)).checks[0]).toMatchObject({ name: "archive", status: "pass" });
    expect((await check(MAX_ARCHIVE_BYTES + 1)).checks[0]).toMatchObject({ name: "archive", status: "fail" });
    expect(asked).toBe(1);
  });
});
