import { addAbortSignal, Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { type ContentHash, contentHashSchema } from "../contract/content-hash.ts";
import { MAX_ARCHIVE_BYTES, MAX_SIGNATURE_BYTES } from "../contract/limits.ts";
import { readCapped } from "../platform/capped-body.ts";
import { contentHashOf } from "../platform/content-hash.ts";
import type { S3Location } from "../platform/s3-location.ts";
import { corrupt, malformed, notFound, refuseOversize } from "./object-failure.ts";
import { ARCHIVE_FILE, HASH_FOLDER, type SharedObjects, SIGNATURE_FILE } from "./objects.ts";
import { s3Failure, statusOf } from "./s3-failure.ts";

/** Each request is tried so often, with the SDK's backoff in between. */
const ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 3_000;
/** Without a byte for so long, the connection is given up. */
const IDLE_TIMEOUT_MS = 15_000;
/** For everything about one object, retries and transfer included. */
const OPERATION_TIMEOUT_MS = 120_000;
/** A bucket that is well answers at once. */
const REACH_TIMEOUT_MS = 10_000;

/** Servers of other makers ask for a region's name and mean nothing by it. */
const ANY_REGION = "us-east-1";
/** No bundle has it. To be told that it is not there takes all that reading a bundle takes. */
const NOBODYS: ContentHash = `sha256:${"0".repeat(64)}`;
const CORRUPT_HINT =
  "Remove the object from the bucket and publish the bundle again; then find out who may write there.";

/** Objects in a bucket. Failures are `StoreError`s, besides the usual ones `store_unreachable` and `store_denied`. */
export interface S3ObjectStore extends SharedObjects {
  /** Resolves when the bucket answers and lets itself be read. */
  reach(): Promise<void>;
  close(): void;
}

type Sdk = typeof import("@aws-sdk/client-s3");

/**
 * `<prefix>/sha256/<64 hex>/bundle.tar.zst` with `SIGNATURE` beside it, as in a folder. What comes back is believed
 * only by its hash. An archive is written on the condition that there is none, so that it never changes; credentials
 * come from the SDK's own chain, and the SDK is loaded with the first request.
 */
export function createS3ObjectStore(location: S3Location): S3ObjectStore {
  const { bucket } = location;
  let opened: Promise<{ sdk: Sdk; client: S3Client }> | undefined;

  async function open(): Promise<{ sdk: Sdk; client: S3Client }> {
    const sdk = await import("@aws-sdk/client-s3");
    const region = location.region ?? (location.endpoint === undefined ? undefined : ANY_REGION);
    const client = new sdk.S3Client({
      ...(region === undefined ? {} : { region }),
      // A bucket's name as a subdomain is what only Amazon's own endpoint is sure to have.
      ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint, forcePathStyle: true }),
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
      // Every archive is hashed here; checksums on top are what other makers' servers do not all know.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    return { sdk, client };
  }

  async function request<T>(
    act: (sdk: Sdk, client: S3Client, abortSignal: AbortSignal) => Promise<T>,
    timeoutMs = OPERATION_TIMEOUT_MS,
  ): Promise<T> {
    try {
      opened ??= open();
      const { sdk, client } = await opened;
      return await act(sdk, client, AbortSignal.timeout(timeoutMs));
    } catch (error) {
      throw s3Failure(error, bucket);
    }
  }

  function target(hash: ContentHash, file: string): { Bucket: string; Key: string } {
    const checked = contentHashSchema.safeParse(hash);
    if (!checked.success) throw malformed();
    const folder = `${HASH_FOLDER}/${checked.data.slice("sha256:".length)}`;
    return { Bucket: bucket, Key: `${location.prefix === "" ? "" : `${location.prefix}/`}${folder}/${file}` };
  }

  async function has(hash: ContentHash): Promise<boolean> {
    const input = target(hash, ARCHIVE_FILE);
    const head = await request((sdk, client, abortSignal) =>
      ifThere(client.send(new sdk.HeadObjectCommand(input), { abortSignal })),
    );
    return head !== undefined;
  }

  async function read(
    hash: ContentHash,
    file: string,
    maxBytes: number,
    timeoutMs?: number,
  ): Promise<Uint8Array | undefined> {
    const input = target(hash, file);
    return request(async (sdk, client, abortSignal) => {
      const found = await ifThere(client.send(new sdk.GetObjectCommand(input), { abortSignal }));
      if (found === undefined) return undefined;
      const { Body: body } = found;
      if (!(body instanceof Readable)) throw new Error("S3 answered without a body");
      addAbortSignal(abortSignal, body);
      const bytes = await readCapped(body, maxBytes);
      if (bytes === undefined) throw corrupt(hash, CORRUPT_HINT, { file, allowed_bytes: maxBytes });
      return bytes;
    }, timeoutMs);
  }

  async function getArchive(hash: ContentHash): Promise<Uint8Array> {
    const bytes = await read(hash, ARCHIVE_FILE, MAX_ARCHIVE_BYTES);
    if (bytes === undefined) throw notFound(hash);
    const actual = contentHashOf(bytes);
    if (actual !== hash) throw corrupt(hash, CORRUPT_HINT, { expected: hash, actual });
    return bytes;
  }

  /** Answers whether it was written: `false` when there is one already, or somebody else is writing it now. */
  async function create(hash: ContentHash, bytes: Uint8Array): Promise<boolean> {
    const input = { ...target(hash, ARCHIVE_FILE), Body: bytes, IfNoneMatch: "*" };
    return request(async (sdk, client, abortSignal) => {
      try {
        await client.send(new sdk.PutObjectCommand(input), { abortSignal });
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412 || status === 409) return false;
        throw error;
      }
    });
  }

  return {
    has,
    getArchive,
    async putArchive(bytes) {
      refuseOversize(bytes.byteLength, MAX_ARCHIVE_BYTES);
      const hash = contentHashOf(bytes);
      // What is there already is read: a bucket has more writers than a folder, and a wrong object must be heard of.
      if ((await has(hash)) || !(await create(hash, bytes))) await getArchive(hash);
      return hash;
    },
    async putSignature(hash, pem) {
      refuseOversize(Buffer.byteLength(pem), MAX_SIGNATURE_BYTES);
      const input = { ...target(hash, SIGNATURE_FILE), Body: pem, ContentType: "application/x-pem-file" };
      if (!(await has(hash))) throw notFound(hash);
      await request((sdk, client, abortSignal) =>
        client.send(new sdk.PutObjectCommand(input), { abortSignal }),
      );
    },
    async getSignature(hash) {
      const bytes = await read(hash, SIGNATURE_FILE, MAX_SIGNATURE_BYTES);
      return bytes && Buffer.from(bytes).toString("utf8");
    },
    async reach() {
      await read(NOBODYS, SIGNATURE_FILE, MAX_SIGNATURE_BYTES, REACH_TIMEOUT_MS);
    },
    close() {
      void opened?.then(
        ({ client }) => client.destroy(),
        () => {},
      );
    },
  };
}

/** A key that is not there. A bucket that is not there is another matter. */
async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (statusOf(error) === 404 && !(error instanceof Error && error.name === "NoSuchBucket"))
      return undefined;
    throw error;
  });
}
