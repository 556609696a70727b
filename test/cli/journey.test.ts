import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type CommandOutcome, workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const options = { cwd: folder, home: join(folder, "home") };
const bundle = join("hello", "dist", "bundle.tar.zst");

async function answer<T>(schema: z.ZodType<T>, args: readonly string[], stdin?: string): Promise<T> {
  const outcome = await workbench([...args, "--json"], {
    ...options,
    ...(stdin === undefined ? {} : { stdin }),
  });
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 });
  return schema.parse(outcome.json());
}

const failureSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function failureOf(outcome: CommandOutcome): { exit: number; code: string } {
  return { exit: outcome.code, code: failureSchema.parse(outcome.json()).error.code };
}

const usage = z.object({
  duration_ms: z.number().positive(),
  memory_bytes: z.number().int().positive(),
  fuel: z.number().int().positive(),
  egress_bytes: z.number(),
  host_calls: z.number(),
  log_lines: z.number(),
});
const invocation = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  body_b64: z.string(),
  request_id: z.string(),
  usage,
  trace: z.array(z.object({ rule: z.string(), outcome: z.string() })).optional(),
});

const HANDLER = `
import { type Handler, jsonResponse } from "@alga-psa/extension-runtime";

export const handler: Handler = async (request, host) => {
  const secret = await host.secrets.get("api_key");
  await host.storage.put({ namespace: "seen", key: request.http.url.slice(1), value: new TextEncoder().encode("yes") });
  const seen = await host.storage.list("seen");
  await host.logging.info("answering " + request.http.url);
  return jsonResponse({ secretLength: secret.length, seen: seen.map((entry) => entry.key) });
};
`;

describe("the way from an empty folder to an answer", () => {
  let keyId = "";

  beforeAll(async () => {
    const created = await answer(z.object({ path: z.string(), name: z.string() }), [
      "create",
      "hello",
      "--name",
      "com.acme.hello",
    ]);
    expect(created).toEqual({ path: join(folder, "hello"), name: "com.acme.hello" });
    writeFileSync(join(folder, "hello", "src", "handler.ts"), HANDLER);
    const manifestFile = join(folder, "hello", "manifest.json");
    const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
    manifest.api.endpoints = [{ method: "GET", path: "/:page", handler: "page" }];
    writeFileSync(manifestFile, JSON.stringify(manifest));
  });

  it("builds the handler and packs it", async () => {
    const built = await answer(
      z.object({
        wasm: z.string(),
        engine: z.string(),
        duration_ms: z.number(),
        stages: z.array(z.object({ name: z.string(), ms: z.number() })),
      }),
      ["build", "hello", "--engine", "quickjs"],
    );
    expect(built.engine).toBe("quickjs");
    expect(existsSync(built.wasm)).toBe(true);
    const packed = await answer(
      z.object({ path: z.string(), content_hash: z.string(), size: z.number(), files: z.number() }),
      ["pack", "hello"],
    );
    expect(packed.path).toBe(join(folder, bundle));
    const inspected = await answer(
      z.object({ content_hash: z.string(), component: z.object({ exports: z.array(z.string()) }) }),
      ["inspect", bundle],
    );
    expect(inspected.content_hash).toBe(packed.content_hash);
  });

  it("refuses the bundle while nobody has signed it, with exit code 3", async () => {
    const verified = await workbench(["verify", bundle, "--json"], options);
    expect(verified.code).toBe(3);
    expect(verified.json()).toMatchObject({ verified: false, code: "signature_missing" });
    expect(failureOf(await workbench(["publish", bundle, "--json"], options))).toEqual({
      exit: 3,
      code: "signature_missing",
    });
  });

  it("signs it with a key that is not trusted yet, and says so", async () => {
    const key = await answer(z.object({ id: z.string(), algorithm: z.string(), not_after: z.string() }), [
      "keys",
      "generate",
      "--algorithm",
      "ecdsa-p256",
      "--subject",
      "CN=Acme Development, O=Acme",
    ]);
    keyId = key.id;
    const signed = await answer(z.object({ path: z.string(), key_id: z.string(), algorithm: z.string() }), [
      "sign",
      bundle,
      "--key",
      keyId,
    ]);
    expect(signed).toMatchObject({
      path: join(folder, `${bundle}.SIGNATURE`),
      key_id: keyId,
      algorithm: "ecdsa-p256",
    });
    const verified = await workbench(["verify", bundle, "--json"], options);
    expect(verified.code).toBe(3);
    expect(verified.json()).toMatchObject({ verified: false, code: "untrusted_signer" });
  });

  it("verifies once the key is trusted, and OpenSSL agrees", async () => {
    await answer(z.object({ entries: z.array(z.object({ id: z.string() })).length(1) }), [
      "trust",
      "add",
      "--key",
      keyId,
    ]);
    const report = await answer(
      z.object({
        verified: z.literal(true),
        checks: z.array(z.object({ status: z.literal("pass") })).length(8),
      }),
      ["verify", bundle],
    );
    expect(report.verified).toBe(true);
    await answer(z.object({ path: z.string() }), ["trust", "export", "-o", "trust.pem"]);
    const judged = execFileSync(
      "openssl",
      [
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "PEM",
        "-in",
        `${bundle}.SIGNATURE`,
        "-content",
        bundle,
        "-CAfile",
        "trust.pem",
        "-purpose",
        "any",
        "-out",
        "judged",
      ],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    expect(judged.toString()).toBe("");
    expect(readFileSync(join(folder, "judged")).equals(readFileSync(join(folder, bundle)))).toBe(true);
  });

  it("publishes and installs it with a secret from standard input", async () => {
    const published = await answer(
      z.object({
        registry_id: z.string(),
        version_id: z.string(),
        version: z.literal("0.1.0"),
        content_hash: z.string(),
      }),
      ["publish", bundle],
    );
    const installed = await answer(
      z.object({
        install_id: z.string(),
        registry_id: z.literal(published.registry_id),
        version_id: z.string(),
        tenant_id: z.string(),
        grants: z.array(z.string()),
      }),
      ["install", "com.acme.hello", "--secret", "api_key=-"],
      "s3cret!",
    );
    expect(installed.grants).toContain("cap:storage.kv");
  });

  it("answers through the gateway and the runner, with the same fuel for the same work", async () => {
    const first = await answer(invocation, ["invoke", "com.acme.hello", "GET", "/one", "--trace"]);
    expect(first.status).toBe(200);
    expect(JSON.parse(first.body ?? "")).toEqual({ secretLength: 7, seen: ["one"] });
    expect(first.trace?.every((step) => step.outcome === "allow")).toBe(true);
    const second = await answer(invocation, ["invoke", "com.acme.hello", "GET", "/one"]);
    expect(JSON.parse(second.body ?? "")).toEqual({ secretLength: 7, seen: ["one"] });
    expect(second.usage.fuel).toBe(first.usage.fuel);
    expect(second).not.toHaveProperty("trace");
  });

  it("keeps the record: log lines, executions, usage", async () => {
    const logs = await answer(
      z.object({ items: z.array(z.object({ message: z.string(), request_id: z.string() })) }),
      ["logs", "com.acme.hello"],
    );
    expect(logs.items.map((line) => line.message)).toEqual(["answering /one", "answering /one"]);
    const list = await answer(
      z.object({ items: z.array(z.object({ id: z.string(), status: z.number(), outcome: z.string() })) }),
      ["executions", "list"],
    );
    expect(list.items.map((row) => row.outcome)).toEqual(["succeeded", "succeeded"]);
    const quota = await answer(
      z.object({ limits: z.record(z.string(), z.object({ value: z.number(), source: z.string() })) }),
      ["quota", "show", "com.acme.hello"],
    );
    expect(quota.limits["timeout_ms"]).toEqual({ value: 5000, source: "default" });
  });

  it("answers an endpoint that the manifest does not name with the gateway's refusal, and still exits 0", async () => {
    const outcome = await workbench(["invoke", "com.acme.hello", "POST", "/one", "--json"], options);
    expect(outcome.code).toBe(0);
    expect(outcome.json()).toMatchObject({ status: 404, error: { code: "endpoint_not_found" } });
  });

  it("refuses a tampered archive on publish and leaves the registry as it was", async () => {
    const before = (await workbench(["list", "--json"], options)).stdout;
    const bytes = readFileSync(join(folder, bundle));
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    writeFileSync(join(folder, "tampered.tar.zst"), bytes);
    writeFileSync(
      join(folder, "tampered.tar.zst.SIGNATURE"),
      readFileSync(join(folder, `${bundle}.SIGNATURE`)),
    );
    const outcome = await workbench(["publish", "tampered.tar.zst", "--json"], options);
    expect(outcome.code).not.toBe(0);
    expect((await workbench(["list", "--json"], options)).stdout).toBe(before);
  });

  it("stops answering when the signer is revoked, and says which check refuses it", async () => {
    const { keys } = await answer(
      z.object({ keys: z.array(z.object({ id: z.string(), fingerprint_sha256: z.string() })) }),
      ["keys", "list"],
    );
    const fingerprint = keys.find((key) => key.id === keyId)?.fingerprint_sha256 ?? "";
    await answer(z.object({ revocation: z.object({ by: z.literal("fingerprint") }) }), [
      "trust",
      "revoke",
      "--fingerprint",
      fingerprint,
    ]);
    const outcome = await workbench(["invoke", "com.acme.hello", "GET", "/one", "--json"], options);
    expect(outcome.json()).toMatchObject({ status: 502, error: { code: "certificate_revoked" } });
    expect(failureOf(await workbench(["install", "com.acme.hello", "--json"], options)).exit).toBe(3);
  });
});
