import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContentHash } from "../contract/content-hash.ts";
import { WorkbenchError } from "../contract/errors.ts";
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_EGRESS_BYTES_PER_MINUTE,
  DEFAULT_FUEL,
  DEFAULT_HEADER_BYTES,
  DEFAULT_MEMORY_MB,
  DEFAULT_QUEUE_WAIT_MS,
  DEFAULT_RATE_BURST,
  DEFAULT_RATE_PER_MINUTE,
  DEFAULT_REQUEST_BODY_BYTES,
  DEFAULT_RESPONSE_BODY_BYTES,
} from "../contract/limits.ts";
import type { Environment } from "../platform/environment.ts";
import { createFileKeyBox } from "../platform/file-key-box.ts";
import { makeFolder } from "../platform/home-folder.ts";
import { createPassphraseBox } from "../platform/passphrase-box.ts";
import type { Paths } from "../platform/paths.ts";
import { s3LocationOf } from "../platform/s3-location.ts";
import type { SecretBox } from "../platform/secret-box.ts";
import type { LimitDefaults } from "../policy/index.ts";
import {
  createCachedObjectStore,
  createFileObjectStore,
  createS3ObjectStore,
  type ObjectStore,
} from "../store/index.ts";

/* What the environment decides about a workbench before anything is opened. */

/** What seals keys and secrets: a passphrase when one is set, else a key file in the home folder. */
export function boxOf(environment: Environment, paths: Paths): SecretBox {
  if (environment.WORKBENCH_PASSPHRASE !== undefined) {
    return createPassphraseBox(environment.WORKBENCH_PASSPHRASE, paths.boxSalt);
  }
  // A second key beside the keychain's would open nothing that is there and lock out what comes after.
  if (existsSync(paths.keychainKey) && !existsSync(paths.boxKey)) {
    throw new WorkbenchError({
      code: "box_sealed_elsewhere",
      kind: "environment",
      message:
        "The keys and secrets of this data folder are sealed by the system's keychain, which only the desktop app opens.",
      hint: "Use the desktop app for this folder, or give the command another --home.",
    });
  }
  return createFileKeyBox(paths.boxKey);
}

/** Folder of the content-addressed store; of its cache, when the store is a bucket. */
function objectsFolder(environment: Environment, paths: Paths): string {
  const store = environment.BUNDLE_STORE;
  if (store?.startsWith("file://")) return madeFolder(fileURLToPath(store));
  if (store?.startsWith("file:")) return madeFolder(resolve(store.slice("file:".length)));
  return paths.objects;
}

/** Where bundles are, as `BUNDLE_STORE` says. */
export interface BundleStore {
  readonly objects: ObjectStore;
  /** What the embedded runner reads, without a network. */
  readonly folder: string;
  /** Brings a bundle into the folder, from a store that is elsewhere. */
  ensure(hash: ContentHash): Promise<void>;
  close(): void;
}

export function openBundleStore(environment: Environment, paths: Paths): BundleStore {
  const folder = objectsFolder(environment, paths);
  const files = createFileObjectStore(folder);
  const location = s3LocationOf(environment);
  if (location === undefined) return { objects: files, folder, ensure: async () => {}, close() {} };
  const shared = createS3ObjectStore(location);
  const objects = createCachedObjectStore(shared, files);
  return { objects, folder, ensure: objects.ensure, close: shared.close };
}

function madeFolder(folder: string): string {
  try {
    makeFolder(folder);
    return folder;
  } catch (error) {
    throw new WorkbenchError({
      code: "environment_invalid",
      kind: "environment",
      message: `BUNDLE_STORE names ${folder}, which is not there and cannot be made.`,
      hint: "Use file: and the path of a folder that you may write to, or unset BUNDLE_STORE.",
      cause: error,
    });
  }
}

/** `SIGNING_TRUST_BUNDLE` holds PEM text or names a file. */
export function trustBundlePem(environment: Environment): string | undefined {
  const given = environment.SIGNING_TRUST_BUNDLE;
  if (given === undefined || given.includes("-----BEGIN")) return given;
  try {
    return readFileSync(given, "utf8");
  } catch (error) {
    throw new WorkbenchError({
      code: "environment_invalid",
      kind: "environment",
      message: "SIGNING_TRUST_BUNDLE is neither PEM text nor a file that can be read.",
      hint: "Give the PEM text itself or the path of a PEM file, or unset it.",
      cause: error,
    });
  }
}

/** Limits of a call where neither tenant nor install sets one. */
export function defaultLimits(environment: Environment): LimitDefaults {
  return {
    timeout_ms: environment.EXT_GATEWAY_TIMEOUT_MS,
    memory_mb: DEFAULT_MEMORY_MB,
    fuel: DEFAULT_FUEL,
    request_body_bytes: DEFAULT_REQUEST_BODY_BYTES,
    response_body_bytes: DEFAULT_RESPONSE_BODY_BYTES,
    header_bytes: DEFAULT_HEADER_BYTES,
    concurrency: DEFAULT_CONCURRENCY,
    queue_wait_ms: DEFAULT_QUEUE_WAIT_MS,
    rate_per_minute: DEFAULT_RATE_PER_MINUTE,
    rate_burst: DEFAULT_RATE_BURST,
    egress_bytes_per_minute: DEFAULT_EGRESS_BYTES_PER_MINUTE,
  };
}
