import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { MAX_ARCHIVE_BYTES } from "../../core/contract/limits.ts";
import { contentHashOf } from "../../core/platform/content-hash.ts";
import { s3LocationOf } from "../../core/platform/s3-location.ts";
import {
  createCachedObjectStore,
  createFileObjectStore,
  createS3ObjectStore,
} from "../../core/store/index.ts";
import { incompressible } from "../support/bytes.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { tempFolder } from "../support/temp.ts";

let server: S3Server;
let seed = 0;

beforeAll(async () => {
  server = await startS3Server();
});
afterEach(() => server.fail(undefined));

/** Bytes that no other test has stored. */
function archive() {
  const bytes = Buffer.concat([Buffer.from(`archive ${++seed} `), incompressible(20_000)]);
  const hash = contentHashOf(bytes);
  const key = (file: string) => `dev/sha256/${hash.slice("sha256:".length)}/${file}`;
  return { bytes, hash, key };
}

function bucket(url = server.url) {
  const location = s3LocationOf({ BUNDLE_STORE: url });
  if (location === undefined) throw new Error("the test names no bucket");
  const store = createS3ObjectStore(location);
  onTestFinished(() => store.close());
  return store;
}

function cached(folder = tempFolder()) {
  const files = createFileObjectStore(folder);
  return { folder, files, store: createCachedObjectStore(bucket(), files) };
}

describe("a bundle in a bucket", () => {
  it("lies where it would lie in a folder, and comes back by its hash", async () => {
    const { bytes, hash, key } = archive();
    const store = bucket();
    expect(await store.has(hash)).toBe(false);
    expect(await store.putArchive(bytes)).toBe(hash);
    await store.putSignature(hash, "PEM");
    expect(server.keys()).toEqual(expect.arrayContaining([key("SIGNATURE"), key("bundle.tar.zst")]));
    expect(Buffer.from(await store.getArchive(hash)).equals(bytes)).toBe(true);
    expect(await store.getSignature(hash)).toBe("PEM");
  });

  it("is written once, however many write it at the same time", async () => {
    const { bytes, hash, key } = archive();
    const hashes = await Promise.all(Array.from({ length: 4 }, () => bucket().putArchive(bytes)));
    expect(new Set(hashes)).toEqual(new Set([hash]));
    expect(readFileSync(server.file(key("bundle.tar.zst"))).equals(bytes)).toBe(true);
    server.requests();
    await bucket().putArchive(bytes);
    expect(server.requests().filter((request) => request.startsWith("PUT"))).toEqual([]);
  });

  it("is not overwritten by a writer who did not see it come", async () => {
    const { bytes, hash, key } = archive();
    await bucket().putArchive(bytes);
    const file = server.file(key("bundle.tar.zst"));
    writeFileSync(file, "somebody else's");
    const late = bucket();
    // The first look finds nothing, as it would a moment before the other one wrote.
    server.fail((request, response) => {
      request.resume();
      response.writeHead(request.method === "HEAD" ? 404 : 412).end();
      if (request.method !== "HEAD") server.fail(undefined);
    });
    await expect(late.putArchive(bytes)).rejects.toMatchObject({
      code: "object_corrupt",
      details: { expected: hash },
    });
    expect(readFileSync(file, "utf8")).toBe("somebody else's");
  });

  it("with a changed byte is refused, with both hashes", async () => {
    const { bytes, hash, key } = archive();
    await bucket().putArchive(bytes);
    const damaged = Buffer.from(bytes);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    writeFileSync(server.file(key("bundle.tar.zst")), damaged);
    await expect(bucket().getArchive(hash)).rejects.toMatchObject({
      code: "object_corrupt",
      details: { expected: hash, actual: contentHashOf(damaged) },
    });
  });

  it("that has grown beyond any archive is given up at the cap", async () => {
    const { hash } = archive();
    let sent = 0;
    server.fail((_, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      const chunk = Buffer.alloc(1024 * 1024);
      const send = (): void => {
        while (!response.destroyed) {
          sent += chunk.byteLength;
          if (!response.write(chunk)) return void response.once("drain", send);
        }
      };
      send();
    });
    await expect(bucket().getArchive(hash)).rejects.toMatchObject({
      code: "object_corrupt",
      details: { allowed_bytes: MAX_ARCHIVE_BYTES },
    });
    expect(sent).toBeLessThan(2 * MAX_ARCHIVE_BYTES);
  });

  it("that is not there is not found, nor is anything that is no hash", async () => {
    const { hash } = archive();
    await expect(bucket().getArchive(hash)).rejects.toMatchObject({ code: "object_not_found" });
    await expect(bucket().putSignature(hash, "PEM")).rejects.toMatchObject({ code: "object_not_found" });
    expect(await bucket().getSignature(hash)).toBeUndefined();
    await expect(bucket().getArchive("sha256:../../x" as never)).rejects.toMatchObject({
      code: "object_not_found",
    });
  });
});

describe("a bucket that does not do as it is asked", () => {
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it("says that it refuses the credentials, and never which", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIANOBODY");
    onTestFinished(() => void vi.stubEnv("AWS_ACCESS_KEY_ID", "S3RVER"));
    const failure = await failureOf(bucket().getArchive(archive().hash));
    expect(failure).toMatchObject({ code: "store_denied", kind: "environment", details: { status: 403 } });
    expect(
      `${JSON.stringify(failure)} ${String(failure)} ${JSON.stringify((failure as Error).cause)}`,
    ).not.toContain("NOBODY");
  });

  it("is unreachable when nobody listens, when the bucket is not there and when it only fails", async () => {
    const nowhere = bucket("s3://team-bundles/dev?endpoint=http://127.0.0.1:9");
    await expect(nowhere.reach()).rejects.toMatchObject({ code: "store_unreachable" });
    const other = bucket(server.url.replace("team-bundles", "no-such-bucket"));
    await expect(other.getArchive(archive().hash)).rejects.toMatchObject({
      code: "store_unreachable",
      details: { bucket: "no-such-bucket", reason: "NoSuchBucket" },
    });
    server.requests();
    server.fail((request, response) => {
      request.resume();
      response.writeHead(503).end();
    });
    await expect(bucket().has(archive().hash)).rejects.toMatchObject({ code: "store_unreachable" });
    expect(server.requests()).toHaveLength(3);
  });

  it("is unreachable when it breaks off in the middle of an archive", async () => {
    const { hash } = archive();
    server.fail((_, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("half", () => response.destroy());
    });
    await expect(bucket().getArchive(hash)).rejects.toMatchObject({ code: "store_unreachable" });
  });
});

describe("a bucket read through a folder", () => {
  it("is asked once for what many want at the same time, and then no more", async () => {
    const { bytes, hash, key } = archive();
    await bucket().putArchive(bytes);
    await bucket().putSignature(hash, "PEM");
    const { store, files } = cached();
    server.requests();
    await Promise.all([store.ensure(hash), store.ensure(hash), store.getArchive(hash)]);
    expect(server.requests().filter((request) => request.includes(key("bundle.tar.zst")))).toHaveLength(1);
    expect(await files.getSignature(hash)).toBe("PEM");
    server.fail((request) => request.destroy());
    await store.ensure(hash);
    expect(Buffer.from(await store.getArchive(hash)).equals(bytes)).toBe(true);
    expect(await store.getSignature(hash)).toBe("PEM");
    await expect(store.putArchive(archive().bytes)).rejects.toMatchObject({ code: "store_unreachable" });
  });

  it("fetches again what was damaged or lost in the folder", async () => {
    const { bytes, hash } = archive();
    const { store, files, folder } = cached();
    await store.putArchive(bytes);
    await store.putSignature(hash, "PEM");
    await store.ensure(hash);
    const object = join(folder, "sha256", hash.slice("sha256:".length));
    writeFileSync(join(object, "bundle.tar.zst"), "rotten");
    await store.ensure(hash);
    expect(Buffer.from(await files.getArchive(hash)).equals(bytes)).toBe(true);
    rmSync(object, { recursive: true });
    await store.ensure(hash);
    expect(await files.getSignature(hash)).toBe("PEM");
  });

  it("takes the bucket's signature for the one of record", async () => {
    const { bytes, hash, key } = archive();
    const { store, files } = cached();
    await store.putArchive(bytes);
    await store.putSignature(hash, "OLD");
    await bucket().putSignature(hash, "NEW");
    expect(await store.getSignature(hash)).toBe("NEW");
    expect(await files.getSignature(hash)).toBe("NEW");
    rmSync(server.file(key("SIGNATURE")));
    expect(await store.getSignature(hash)).toBeUndefined();
    expect(await files.getSignature(hash)).toBeUndefined();
    expect(await files.has(hash)).toBe(true);
  });

  it("removes and lists only its own copies", async () => {
    const { bytes, hash } = archive();
    const { store } = cached();
    await store.putArchive(bytes);
    const other = archive();
    await bucket().putArchive(other.bytes);
    const listed: string[] = [];
    for await (const each of store.list()) listed.push(each);
    expect(listed).toEqual([hash]);
    await store.remove(hash);
    expect(await bucket().has(hash)).toBe(true);
  });
});

describe("the place that BUNDLE_STORE names", () => {
  it("takes its endpoint and region from the address first, then from the AWS variables", () => {
    const aws = { AWS_ENDPOINT_URL: "http://a", AWS_ENDPOINT_URL_S3: "http://b", AWS_REGION: "eu-central-1" };
    expect(s3LocationOf({ BUNDLE_STORE: "s3://bundles/a/b/", ...aws })).toEqual({
      bucket: "bundles",
      prefix: "a/b",
      endpoint: "http://b",
      region: "eu-central-1",
    });
    const own = "s3://bundles?endpoint=https://s3.example.test:9000&region=here";
    expect(s3LocationOf({ BUNDLE_STORE: own, ...aws })).toEqual({
      bucket: "bundles",
      prefix: "",
      endpoint: "https://s3.example.test:9000",
      region: "here",
    });
    expect(s3LocationOf({ BUNDLE_STORE: "file:/bundles", ...aws })).toBeUndefined();
  });
});
