import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import type { SafeStorage } from "electron";
import { pathsOf } from "../../core/platform/paths.ts";
import { BOX_KEY_BYTES, openWith, sealWith } from "../../core/platform/sealed-format.ts";
import type { SecretBox } from "../../core/platform/secret-box.ts";
import { SecretBoxError } from "../../core/platform/secret-box-error.ts";

export type Keychain = Pick<
  SafeStorage,
  "isAsyncEncryptionAvailable" | "encryptStringAsync" | "decryptStringAsync" | "getSelectedStorageBackend"
>;

export interface SafeStorageBoxOptions {
  readonly safeStorage: Keychain;
  readonly platform: NodeJS.Platform;
  /** Absolute path of the data folder. */
  readonly home: string;
}

/** Backends that are no keychain: a password that is the same on every machine, or none chosen. */
const NO_KEYCHAIN: ReadonlySet<string> = new Set(["basic_text", "unknown"]);

/**
 * A box whose key only the platform's keychain opens; call it once the app is ready. The keychain seals one random key
 * and not each secret: it seals texts only, and on two of three platforms without authentication.
 *
 * `undefined` where there is no keychain worth the name, and in a home that the command line used first: its key file
 * opens what is there, and both go on sharing it (docs/decisions/0081).
 * Throws `SecretBoxError` (`box_key_unusable`) when the keychain does not open the key that this home was made with.
 */
export async function createSafeStorageBox(options: SafeStorageBoxOptions): Promise<SecretBox | undefined> {
  const { safeStorage, platform, home } = options;
  const { keychainKey: file, boxKey } = pathsOf(home);
  const isMade = existsSync(file);
  if (!isMade && existsSync(boxKey)) return undefined;
  if (!isMade && !(await hasKeychain(safeStorage, platform))) return undefined;
  const key = isMade ? await openKey(safeStorage, file) : await makeKey(safeStorage, home, file);
  return {
    kind: "safe-storage",
    seal: (plaintext, context) => sealWith(key, plaintext, context),
    open: (sealed, context) => openWith(key, sealed, context),
  };
}

async function hasKeychain(safeStorage: Keychain, platform: NodeJS.Platform): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return platform !== "linux" || !NO_KEYCHAIN.has(safeStorage.getSelectedStorageBackend());
}

async function makeKey(safeStorage: Keychain, home: string, file: string): Promise<Buffer> {
  const key = randomBytes(BOX_KEY_BYTES);
  const sealed = await safeStorage.encryptStringAsync(key.toString("base64"));
  await mkdir(home, { recursive: true, mode: 0o700 });
  await replaceFile(file, sealed);
  return key;
}

async function openKey(safeStorage: Keychain, file: string): Promise<Buffer> {
  try {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(await readFile(file));
    const key = Buffer.from(result, "base64");
    if (key.length !== BOX_KEY_BYTES) throw new RangeError(`The key has ${key.length} bytes.`);
    // The keychain has turned to a new key of its own; the old one may soon be gone.
    if (shouldReEncrypt) await replaceFile(file, await safeStorage.encryptStringAsync(result));
    return key;
  } catch (cause) {
    throw new SecretBoxError({
      code: "box_key_unusable",
      kind: "environment",
      message: "The keychain does not open this data folder's keys and secrets.",
      hint: "Unlock the keychain of the user who made the folder, or start with another WORKBENCH_HOME.",
      cause,
    });
  }
}

/** Whole or not at all: half a key is none. */
async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const aside = `${file}.tmp`;
  await writeFile(aside, bytes, { mode: 0o600, flush: true });
  await rename(aside, file);
}
