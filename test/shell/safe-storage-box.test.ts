import { existsSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFileKeyBox } from "../../core/platform/file-key-box.ts";
import { pathsOf } from "../../core/platform/paths.ts";
import { createSafeStorageBox, type Keychain } from "../../electron/adapters/safe-storage-box.ts";
import { tempFolder } from "../support/temp.ts";

/** A keychain that seals by XOR with its own byte: enough to tell one keychain from another and from none. */
function fakeKeychain(change: Partial<Keychain> & { byte?: number; rotated?: boolean } = {}): Keychain {
  const { byte = 0x5a, rotated = false, ...rest } = change;
  const flip = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((value) => value ^ byte));
  return {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => "gnome_libsecret",
    encryptStringAsync: async (text) => flip(Buffer.from(`sealed:${text}`)),
    decryptStringAsync: async (sealed) => {
      const text = flip(sealed).toString();
      if (!text.startsWith("sealed:")) throw new Error("not sealed by this keychain");
      return { result: text.slice("sealed:".length), shouldReEncrypt: rotated };
    },
    ...rest,
  };
}

const secret = new TextEncoder().encode("private key");
const boxIn = (home: string, keychain: Keychain, platform: NodeJS.Platform = "linux") =>
  createSafeStorageBox({ safeStorage: keychain, platform, home });

async function madeBox(home: string, keychain: Keychain = fakeKeychain()) {
  const box = await boxIn(home, keychain);
  if (box === undefined) throw new Error("There should be a box.");
  return box;
}

describe("the keychain's box", () => {
  it("opens after a restart what it sealed before, for the same purpose only", async () => {
    const home = tempFolder();
    const sealed = (await madeBox(home)).seal(secret, "key:1");
    const restarted = await madeBox(home);
    expect(restarted.kind).toBe("safe-storage");
    expect(Buffer.from(restarted.open(sealed, "key:1"))).toEqual(Buffer.from(secret));
    expect(() => restarted.open(sealed, "key:2")).toThrow(expect.objectContaining({ code: "box_corrupt" }));
  });

  it("keeps its key on disk only as the keychain sealed it, readable by its owner alone", async () => {
    const home = tempFolder();
    await madeBox(home);
    const file = join(home, "safe-storage.key");
    const text = Buffer.from((await readFile(file)).map((value) => value ^ 0x5a)).toString();
    expect(Buffer.from(text.slice("sealed:".length), "base64")).toHaveLength(32);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("says so when another keychain, or nobody's bytes, stand in its way, and leaves the file alone", async () => {
    const home = tempFolder();
    await madeBox(home);
    const before = await readFile(join(home, "safe-storage.key"));
    await expect(boxIn(home, fakeKeychain({ byte: 0x11 }))).rejects.toMatchObject({
      code: "box_key_unusable",
    });
    expect(await readFile(join(home, "safe-storage.key"))).toEqual(before);
    writeFileSync(join(home, "safe-storage.key"), "rubbish");
    await expect(boxIn(home, fakeKeychain())).rejects.toMatchObject({ code: "box_key_unusable" });
  });

  it("seals its key again when the keychain has turned to a new one", async () => {
    const home = tempFolder();
    const sealed = (await madeBox(home)).seal(secret, "key:1");
    const old = fakeKeychain();
    const rotating = fakeKeychain({
      byte: 0x33,
      decryptStringAsync: fakeKeychain({ rotated: true }).decryptStringAsync,
    });
    await madeBox(home, rotating);
    await expect(boxIn(home, old)).rejects.toMatchObject({ code: "box_key_unusable" });
    const turned = await madeBox(home, fakeKeychain({ byte: 0x33 }));
    expect(Buffer.from(turned.open(sealed, "key:1"))).toEqual(Buffer.from(secret));
  });

  it("stands aside in a home that the command line made, so that both open the same secrets", async () => {
    const home = tempFolder();
    createFileKeyBox(pathsOf(home).boxKey);
    expect(await boxIn(home, fakeKeychain())).toBeUndefined();
    expect(existsSync(join(home, "safe-storage.key"))).toBe(false);
  });

  it.each([
    ["no keychain answers", fakeKeychain({ isAsyncEncryptionAvailable: async () => false })],
    ["the keychain is a fixed password", fakeKeychain({ getSelectedStorageBackend: () => "basic_text" })],
    ["no keychain was chosen", fakeKeychain({ getSelectedStorageBackend: () => "unknown" })],
  ])("stands aside when %s", async (_why, keychain) => {
    expect(await boxIn(tempFolder(), keychain)).toBeUndefined();
  });

  it("does not ask for a Linux backend elsewhere", async () => {
    const keychain = fakeKeychain({
      getSelectedStorageBackend: () => {
        throw new Error("not on this platform");
      },
    });
    expect((await boxIn(tempFolder(), keychain, "darwin"))?.kind).toBe("safe-storage");
  });
});
