import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { MAX_UPLOADS_PER_TENANT, UPLOAD_EXPIRES_MS } from "../../core/host/index.ts";
import {
  CLIENT_KEY,
  createHostFixture,
  eventsOf,
  type HostFixture,
  hashOf,
  KEY,
  line,
  READER_KEY,
  TOKEN,
} from "./fixture.ts";

const MANIFEST = '{"name":"com.acme.hello","version":"1.0.0"}';
const ARCHIVE = new TextEncoder().encode(MANIFEST);
/** As the published command line sends them. */
const ALGA = { authorization: "", "x-api-key": KEY, "x-tenant-id": "tenant-1", "x-alga-admin": "true" };

function upload(
  fixture: HostFixture,
  changes: {
    size?: number;
    hash?: string;
    body?: Uint8Array<ArrayBuffer>;
    headers?: Record<string, string>;
  } = {},
) {
  const query = new URLSearchParams({
    filename: "bundle.tar.zst",
    size: String(changes.size ?? ARCHIVE.byteLength),
    declaredHash: changes.hash ?? hashOf(ARCHIVE).slice("sha256:".length),
  });
  return fixture.ask(`/api/ext-bundles/upload-proxy?${query}`, {
    method: "POST",
    headers: { ...ALGA, "content-type": "application/octet-stream", ...changes.headers },
    body: changes.body ?? ARCHIVE,
  });
}

async function uploadedKey(fixture: HostFixture): Promise<string> {
  const { upload: staged } = (await (await upload(fixture)).json()) as { upload: { key: string } };
  return staged.key;
}

function finalize(
  fixture: HostFixture,
  key: string,
  changes: Record<string, unknown> = {},
  headers: Record<string, string> = ALGA,
) {
  const body = {
    key,
    declaredHash: hashOf(ARCHIVE),
    size: ARCHIVE.byteLength,
    manifestJson: MANIFEST,
    ...changes,
  };
  return fixture.ask("/api/ext-bundles/finalize", { method: "POST", headers, body: JSON.stringify(body) });
}

function post(fixture: HostFixture, path: string, body: unknown, headers: Record<string, string> = ALGA) {
  return fixture.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function codeOf(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

describe("the published command line's way", () => {
  test("upload, finalize, install and uninstall answer in its words", async () => {
    const fixture = createHostFixture();
    const uploaded = await upload(fixture);
    expect(uploaded.status).toBe(200);
    const staged = (await uploaded.json()) as { upload: { key: string } };
    expect(staged).toEqual({
      upload: { key: expect.any(String) },
      filename: "bundle.tar.zst",
      size: ARCHIVE.byteLength,
    });

    const finalized = await finalize(fixture, staged.upload.key, { signature: "PEM" });
    expect([finalized.status, await finalized.json()]).toEqual([
      200,
      { extension: { id: "registry-1" }, version: { id: "version-1" }, contentHash: hashOf(ARCHIVE) },
    ]);
    expect(fixture.published).toMatchObject([
      { signature: "PEM", tenantId: "tenant-1", expectedHash: hashOf(ARCHIVE) },
    ]);
    expect(Buffer.from(fixture.published[0]?.archive ?? []).equals(ARCHIVE)).toBe(true);
    expect(readdirSync(fixture.staging)).toEqual([]);

    const installed = await post(fixture, "/api/v1/extensions/install", {
      registryId: "registry-1",
      version: "1.0.0",
    });
    expect([installed.status, await installed.json()]).toMatchObject([
      202,
      { data: { installId: "install-1" } },
    ]);
    expect(fixture.installed).toEqual([{ ref: "registry-1", tenantId: "tenant-1", version: "1.0.0" }]);

    const removed = await post(fixture, "/api/v1/extensions/uninstall", { registryId: "registry-1" });
    expect([removed.status, await removed.json()]).toMatchObject([
      200,
      { data: { registryId: "registry-1" } },
    ]);
    expect(fixture.removed).toEqual([{ ref: "registry-1", tenantId: "tenant-1" }]);
  });

  test("every answer names its request: the caller's id when it is well-formed, else a new one", async () => {
    const fixture = createHostFixture();
    const named = { ...ALGA, "x-request-id": "mine.1" };
    const body = { registryId: "registry-1" };
    const done = await post(fixture, "/api/v1/extensions/uninstall", body, named);
    expect([done.status, done.headers.get("x-request-id")]).toEqual([200, "mine.1"]);
    const refused = await post(fixture, "/api/v1/extensions/install", {}, named);
    expect([refused.status, refused.headers.get("x-request-id"), await refused.json()]).toMatchObject([
      400,
      "mine.1",
      { request_id: "mine.1" },
    ]);
    const unnamed = await post(fixture, "/api/v1/extensions/uninstall", body, {
      ...ALGA,
      "x-request-id": "not one",
    });
    expect(unnamed.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("brings no signature, so that local uploads are signed only where the developer switched it on", async () => {
    const unsigned = createHostFixture();
    await finalize(unsigned, await uploadedKey(unsigned));
    expect(unsigned.published[0]?.signature).toBeUndefined();

    const signing = createHostFixture({ localUploadSigner: () => ({ sign: async () => "OWN PEM" }) });
    await finalize(signing, await uploadedKey(signing));
    await finalize(signing, await uploadedKey(signing), { signature: "GIVEN PEM" });
    expect(signing.published.map(({ signature }) => signature)).toEqual(["OWN PEM", "GIVEN PEM"]);
  });

  test("installing another version of what is installed moves the install to it", async () => {
    const fixture = createHostFixture();
    const body = { registryId: "com.acme.hello", version: "1.0.1" };
    const response = await post(fixture, "/api/v1/extensions/install", body);
    expect([response.status, await response.json()]).toMatchObject([202, { data: { version: "1.0.1" } }]);
    expect(fixture.installed).toEqual([]);
    expect(fixture.updated).toEqual([{ ref: "com.acme.hello", tenantId: "tenant-1", version: "1.0.1" }]);
  });

  test.each([
    ["signature_missing", "refused", 422],
    ["untrusted_signer", "refused", 422],
    ["manifest_invalid", "user", 422],
    ["version_exists", "user", 409],
    ["store_full", "environment", 503],
  ] as const)("a publish refused with %s keeps the upload for another try", async (code, kind, status) => {
    const fixture = createHostFixture();
    let isRefused = true;
    const registry = {
      ...refusingRegistry,
      publish: async () => {
        if (isRefused) throw new WorkbenchError({ code, kind, message: "no" });
        return { registry_id: "r", version_id: "v", content_hash: hashOf(ARCHIVE) };
      },
    };
    const refusing = createHostFixture({ registry });
    const key = await uploadedKey(refusing);
    expect(await codeOf(await finalize(refusing, key))).toEqual([status, code]);
    isRefused = false;
    expect((await finalize(refusing, key)).status).toBe(200);
    expect(await codeOf(await finalize(refusing, key))).toEqual([404, "upload_not_found"]);
    expect(fixture.published).toEqual([]);
  });
});

describe("a hostile upload", () => {
  test("with a manifest nested without end is left to the limits of publishing", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const archive = new TextEncoder().encode(deep);
    const fixture = createHostFixture();
    const declared = { size: archive.byteLength, hash: hashOf(archive).slice("sha256:".length) };
    const uploaded = await upload(fixture, { ...declared, body: archive });
    const { upload: staged } = (await uploaded.json()) as { upload: { key: string } };
    const body = { size: archive.byteLength, declaredHash: hashOf(archive), manifestJson: deep };
    expect((await finalize(fixture, staged.key, body)).status).toBe(200);
    expect(fixture.published).toHaveLength(1);
  });
});

const unused = () => {
  throw new Error("not part of this test");
};
const refusingRegistry = {
  listExtensions: unused,
  listInstalls: unused,
  resolveInstall: unused,
  install: unused,
  update: unused,
  uninstall: unused,
};

describe("who may", () => {
  const routes: [string, string][] = [
    ["POST", "/api/ext-bundles/upload-proxy?filename=a&size=1&declaredHash=0"],
    ["POST", "/api/ext-bundles/finalize"],
    ["POST", "/api/v1/extensions/install"],
    ["POST", "/api/v1/extensions/uninstall"],
    ["GET", "/api/ext-debug/stream?extensionId=install-1"],
  ];

  test.each(routes)("%s %s refuses strangers, other tenants and client users", async (method, path) => {
    const { ask } = createHostFixture();
    const as = async (headers: Record<string, string>) =>
      codeOf(await ask(path, { method, headers: { authorization: "", ...headers } }));
    expect(await as({})).toEqual([401, "unauthenticated"]);
    expect(await as({ "x-api-key": "nobody" })).toEqual([401, "unauthenticated"]);
    expect(await as({ "x-api-key": KEY, "x-tenant-id": "tenant-2" })).toEqual([403, "tenant_mismatch"]);
    expect(await as({ "x-api-key": CLIENT_KEY })).toEqual([403, "forbidden"]);
    expect(await as({ authorization: `Bearer ${TOKEN}`, "x-tenant-id": "tenant-2" })).toEqual([
      403,
      "tenant_mismatch",
    ]);
    expect(await as({ "x-api-key": TOKEN })).toEqual([401, "unauthenticated"]);
    for (const other of [TOKEN, READER_KEY]) {
      const both = { "x-api-key": KEY, authorization: `Bearer ${other}` };
      expect(await as(both)).toEqual([401, "unauthenticated"]);
    }
  });

  test("the same key in both headers is one credential", async () => {
    const fixture = createHostFixture();
    const both = { "x-api-key": KEY, authorization: `Bearer ${KEY}` };
    const order = { registryId: "com.acme.hello" };
    expect((await post(fixture, "/api/v1/extensions/uninstall", order, both)).status).toBe(200);
  });

  test("a reader may follow the log and change nothing", async () => {
    const fixture = createHostFixture();
    const reader = { authorization: "", "x-api-key": READER_KEY };
    expect(await codeOf(await post(fixture, "/api/v1/extensions/install", {}, reader))).toEqual([
      403,
      "forbidden",
    ]);
    const stream = await fixture.ask("/api/ext-debug/stream?extensionId=install-1", { headers: reader });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
  });

  test("the host's own token may act for any tenant, by default the default one", async () => {
    const fixture = createHostFixture();
    const body = { registryId: "registry-1", version: "1.0.0" };
    const operator = { authorization: `Bearer ${TOKEN}` };
    expect((await post(fixture, "/api/v1/extensions/install", body, operator)).status).toBe(202);
    expect(
      (await post(fixture, "/api/v1/extensions/install", body, { ...operator, "x-tenant-id": "tenant-1" }))
        .status,
    ).toBe(202);
    expect(fixture.installed).toMatchObject([{ tenantId: "tenant-1" }, { tenantId: "tenant-1" }]);
  });

  test("an upload belongs to the tenant that made it", async () => {
    const other = {
      id: "tenant-2",
      name: "Other",
      is_development: true,
      unsigned_policy: "refuse" as const,
      limits: {},
    };
    const fixture = createHostFixture({ tenants: { get: (id) => (id === "tenant-2" ? other : undefined) } });
    const key = await uploadedKey(fixture);
    const asOther = { authorization: `Bearer ${TOKEN}`, "x-tenant-id": "tenant-2" };
    expect(await codeOf(await finalize(fixture, key, {}, asOther))).toEqual([404, "upload_not_found"]);
    expect((await finalize(fixture, key)).status).toBe(200);
  });
});

describe("an upload", () => {
  test.each([
    ["shorter than declared", { size: ARCHIVE.byteLength + 1 }, [422, "size_mismatch"]],
    ["longer than declared", { size: ARCHIVE.byteLength - 1 }, [422, "size_mismatch"]],
    ["with another hash", { hash: "0".repeat(64) }, [422, "digest_mismatch"]],
    ["with a hash that is none", { hash: "sha256:xyz" }, [400, "malformed_request"]],
    ["of nothing", { size: 0 }, [400, "malformed_request"]],
    ["declared over the cap", { size: 200 * 2 ** 20 + 1 }, [400, "malformed_request"]],
    ["of another type", { headers: { "content-type": "text/plain" } }, [415, "unsupported_media_type"]],
  ])("%s is refused and leaves nothing behind", async (_, changes, expected) => {
    const fixture = createHostFixture();
    expect(await codeOf(await upload(fixture, changes))).toEqual(expected);
    expect(existsSync(fixture.staging) ? readdirSync(fixture.staging) : []).toEqual([]);
  });

  test("that goes on after its declared size is cut off", async () => {
    const fixture = createHostFixture();
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(1_024));
      },
    });
    // `duplex` is required by fetch for streamed bodies and missing in TypeScript's RequestInit.
    const init = { method: "POST", body: endless, duplex: "half" } as RequestInit;
    const query = `filename=a&size=4096&declaredHash=${"0".repeat(64)}`;
    const response = await fixture.ask(`/api/ext-bundles/upload-proxy?${query}`, {
      ...init,
      headers: { ...ALGA, "content-type": "application/octet-stream" },
    });
    expect(await codeOf(response)).toEqual([422, "size_mismatch"]);
    expect(sent).toBeLessThan(20);
    expect(readdirSync(fixture.staging)).toEqual([]);
  });

  test("accepts its hash with the prefix and in capitals", async () => {
    const fixture = createHostFixture();
    expect((await upload(fixture, { hash: hashOf(ARCHIVE).toUpperCase() })).status).toBe(200);
    expect((await upload(fixture, { hash: hashOf(ARCHIVE) })).status).toBe(200);
  });

  test("expires", async () => {
    const fixture = createHostFixture();
    const key = await uploadedKey(fixture);
    fixture.now = new Date(fixture.now.getTime() + UPLOAD_EXPIRES_MS);
    expect(await codeOf(await finalize(fixture, key))).toEqual([404, "upload_not_found"]);
    await uploadedKey(fixture);
    expect(readdirSync(fixture.staging)).toHaveLength(1);
  });

  test("gives way to newer ones of its tenant beyond the cap", async () => {
    const fixture = createHostFixture();
    const keys: string[] = [];
    for (let n = 0; n <= MAX_UPLOADS_PER_TENANT; n += 1) keys.push(await uploadedKey(fixture));
    expect(readdirSync(fixture.staging)).toHaveLength(MAX_UPLOADS_PER_TENANT);
    expect(await codeOf(await finalize(fixture, keys[0] ?? ""))).toEqual([404, "upload_not_found"]);
    expect((await finalize(fixture, keys.at(-1) ?? "")).status).toBe(200);
  });

  test("that a killed host left is swept when it is old, a fresh one and other files stay", async () => {
    const fixture = createHostFixture();
    mkdirSync(fixture.staging);
    for (const name of ["upload-old", "upload-fresh", "other"])
      writeFileSync(join(fixture.staging, name), "x");
    const long = new Date(fixture.now.getTime() - 2 * UPLOAD_EXPIRES_MS);
    utimesSync(join(fixture.staging, "upload-old"), long, long);
    utimesSync(join(fixture.staging, "upload-fresh"), fixture.now, fixture.now);
    utimesSync(join(fixture.staging, "other"), long, long);
    await upload(fixture, { size: 1 });
    expect(readdirSync(fixture.staging).sort()).toEqual(["other", "upload-fresh"]);
  });

  test("goes when the host closes", async () => {
    const fixture = createHostFixture();
    await uploadedKey(fixture);
    await fixture.host.close();
    expect(readdirSync(fixture.staging)).toEqual([]);
  });
});

describe("finalize", () => {
  test.each([
    [{ declaredHash: "0".repeat(64) }, [422, "digest_mismatch"]],
    [{ size: 1 }, [422, "size_mismatch"]],
    [{ manifestJson: '{"name":"com.acme.other","version":"1.0.0"}' }, [422, "manifest_mismatch"]],
    [{ manifestJson: "{" }, [400, "malformed_request"]],
    [{ manifestJson: undefined }, [400, "malformed_request"]],
    [{ signature: "x".repeat(300_000) }, [400, "malformed_request"]],
  ])("with %j is refused and the upload stays", async (changes, expected) => {
    const fixture = createHostFixture();
    const key = await uploadedKey(fixture);
    expect(await codeOf(await finalize(fixture, key, changes))).toEqual(expected);
    expect(fixture.published).toEqual([]);
    expect((await finalize(fixture, key)).status).toBe(200);
  });

  test("accepts a manifest that is only written differently", async () => {
    const fixture = createHostFixture();
    const reordered = JSON.stringify({ version: "1.0.0", name: "com.acme.hello" }, null, 2);
    expect((await finalize(fixture, await uploadedKey(fixture), { manifestJson: reordered })).status).toBe(
      200,
    );
  });

  test("of one upload runs once at a time", async () => {
    let finish = () => {};
    const started = Promise.withResolvers<void>();
    const fixture = createHostFixture({
      bundles: {
        manifestText: () => {
          started.resolve();
          return new Promise((resolve) => {
            finish = () => resolve(MANIFEST);
          });
        },
      },
    });
    const key = await uploadedKey(fixture);
    const first = finalize(fixture, key);
    await started.promise;
    expect(await codeOf(await finalize(fixture, key))).toEqual([409, "upload_busy"]);
    finish();
    expect((await first).status).toBe(200);
  });
});

describe("the debug stream", () => {
  test("carries the lines of one extension of the caller's tenant, by any of its names", async () => {
    const { ask, book } = createHostFixture();
    const stream = await ask("/api/ext-debug/stream?extensionId=com.acme.hello", { headers: ALGA });
    const events = eventsOf(stream);
    book.append([
      line("other tenant", { tenant_id: "tenant-2" }),
      line("other extension", { extension_id: "registry-2", install_id: "install-2" }),
      line("mine"),
    ]);
    expect((await events.next()).value).toMatchObject({ data: { message: "mine", request_id: "q1" } });
    await events.return(undefined);
  });

  test("without a name carries all of the tenant's, with executions and their decisions, and resumes by id", async () => {
    const fixture = createHostFixture();
    const { ask, book } = fixture;
    const events = eventsOf(await ask("/api/ext-debug/stream", { headers: ALGA }));
    book.append([line("other tenant", { tenant_id: "tenant-2" }), line("mine")]);
    await fixture.call("GET", "/api/ext/com.acme.hello/items");
    const seen = [];
    for await (const event of events) {
      seen.push(event);
      if (event.event === "execution" && JSON.stringify(event.data).includes('"succeeded"')) break;
    }
    expect(seen[0]).toMatchObject({ data: { message: "mine" } });
    const decisions = seen.filter(({ event }) => event === "decision");
    expect(decisions[0]?.data).toMatchObject({
      rule: "authenticate",
      outcome: "allow",
      tenant_id: "tenant-1",
    });
    const headers = { ...ALGA, "last-event-id": seen[0]?.id ?? "" };
    const again = eventsOf(await ask("/api/ext-debug/stream?types=decision", { headers }));
    expect((await again.next()).value).toEqual(decisions[0]);
    await again.return(undefined);
  });

  test.each([
    ["?level=warn", "warned"],
    ["?text=NEEDLE", "a needle"],
    ["?request=q2", "other request"],
  ])("with %s carries what passes alone", async (query, message) => {
    const { ask, book } = createHostFixture();
    const events = eventsOf(await ask(`/api/ext-debug/stream${query}`, { headers: ALGA }));
    book.append([
      line("plain"),
      line("warned", { level: "warn" }),
      line("a needle"),
      line("other request", { request_id: "q2" }),
    ]);
    expect((await events.next()).value).toMatchObject({ data: { message } });
    await events.return(undefined);
  });

  test("of an extension that the tenant does not have is 404, of what it cannot give 400, of other tenants 403", async () => {
    const { ask } = createHostFixture();
    const status = async (query: string, headers: Record<string, string> = ALGA) =>
      (await ask(`/api/ext-debug/stream${query}`, { headers })).status;
    expect(await status("?extensionId=nothing")).toBe(404);
    expect(await status("?types=log,nothing")).toBe(400);
    expect(await status("", { ...ALGA, "last-event-id": "1.2.3" })).toBe(400);
    expect(await status("?tenants=all")).toBe(403);
  });
});
