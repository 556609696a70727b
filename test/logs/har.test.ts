import { expect, test } from "vitest";
import { z } from "zod";
import { executionRecordSchema } from "../../core/contract/execution-record.ts";
import { executionRecordingSchema } from "../../core/contract/execution-recording.ts";
import { createExecutionArchive } from "../../core/wiring/execution-archive.ts";
import { keptExchange } from "../../renderer/state/executions/kept-exchange.ts";
import { historyEntrySchema } from "../../renderer/state/requests/history-entry.ts";

const nameValue = z.strictObject({ name: z.string(), value: z.string(), comment: z.string().optional() });
const size = z.number().int().min(-1);
/** HTTP Archive 1.2, its required fields and no others but those that begin with an underscore. */
const harSchema = z.strictObject({
  log: z.strictObject({
    version: z.literal("1.2"),
    creator: z.strictObject({ name: z.string(), version: z.string() }),
    pages: z.array(z.never()),
    entries: z.array(
      z.strictObject({
        startedDateTime: z.iso.datetime(),
        time: z.number().nonnegative(),
        request: z.strictObject({
          method: z.string(),
          url: z.string().regex(/^http:\/\/(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/),
          httpVersion: z.string(),
          cookies: z.array(nameValue),
          headers: z.array(nameValue),
          queryString: z.array(nameValue),
          postData: z.strictObject({ mimeType: z.string(), text: z.string() }).optional(),
          headersSize: size,
          bodySize: size,
        }),
        response: z.strictObject({
          status: z.number().int(),
          statusText: z.string(),
          httpVersion: z.string(),
          cookies: z.array(nameValue),
          headers: z.array(nameValue),
          content: z.strictObject({ size, mimeType: z.string(), text: z.string().optional() }),
          redirectURL: z.string(),
          headersSize: size,
          bodySize: size,
        }),
        cache: z.strictObject({}),
        timings: z.strictObject({ send: z.number(), wait: z.number(), receive: z.number() }),
        comment: z.string().optional(),
        _execution: z.looseObject({ id: z.string() }),
      }),
    ),
  }),
});

const execution = executionRecordSchema.parse({
  id: "execution-1",
  request_id: "request-1",
  tenant_id: "tenant-1",
  extension_id: "registry-1",
  extension_name: "com.acme.tickets",
  version_id: "version-1",
  install_id: "install-1",
  content_hash: "",
  method: "POST",
  path: "/items",
  outcome: "succeeded",
  status: 201,
  started_at: "2026-11-22T10:00:00.000Z",
  finished_at: "2026-11-22T10:00:00.012Z",
  usage: { duration_ms: 12, memory_bytes: 1, fuel: 2, egress_bytes: 0, host_calls: 0, log_lines: 0 },
  trace: [],
});
const earlier = { ...execution, id: "execution-0", request_id: "0", started_at: "2026-11-22T09:00:00.000Z" };

const kept = historyEntrySchema.parse({
  id: "1",
  at: "2026-11-22T10:00:00.000Z",
  install_id: "install-1",
  extension_name: "com.acme.tickets",
  tenant_id: "tenant-1",
  draft: { method: "POST", path: "/items?a=b", params: {}, headers: [], body: "" },
  sent: {
    method: "POST",
    path: "/items?a=b&key=hunter22",
    headers: [{ name: "Content-Type", value: "text/plain" }],
    body: "Grüße",
    body_cut: false,
  },
  outcome: {
    kind: "answered",
    status: 201,
    request_id: "request-1",
    duration_ms: 12,
    headers: [{ name: "content-type", value: "application/json" }],
    body: '{"key":"hunter22"}',
    body_bytes: 18,
    body_cut: false,
  },
});

const archive = createExecutionArchive({
  executions: { find: (id) => [execution, earlier].find((each) => each.id === id) },
  recordings: { recording: () => undefined },
  redact: (install, text) => text.replaceAll("hunter22", `[of ${install}]`),
});

test("an HTTP Archive has what was kept of a call, without secrets, oldest first, in the form of HAR 1.2", () => {
  const exchange = keptExchange(kept);
  const text = archive.har(
    ["execution-1", "execution-0"],
    "http://127.0.0.1:4100",
    exchange && { "request-1": exchange },
  );
  const [bare, whole] = harSchema.parse(JSON.parse(text)).log.entries;
  expect(whole).toMatchObject({
    time: 12,
    request: {
      url: "http://127.0.0.1:4100/api/ext/com.acme.tickets/items?a=b&key=%5Bof%20install-1%5D",
      queryString: [
        { name: "a", value: "b" },
        { name: "key", value: "[of install-1]" },
      ],
      postData: { mimeType: "text/plain", text: "Grüße" },
      bodySize: 7,
    },
    response: { status: 201, content: { size: 18, mimeType: "application/json" } },
  });
  expect(text).not.toContain("hunter22");
  expect(bare?.request).toMatchObject({ headers: [], bodySize: -1 });
  expect(bare?.request).not.toHaveProperty("postData");
  expect(bare?.comment).toBe("Neither query, headers nor bodies of this call were kept.");
});

test("an HTTP Archive of an execution that there is not is refused by name", () => {
  expect(() => archive.har(["nothing"], "http://h")).toThrow(
    expect.objectContaining({ code: "execution_not_found", details: { id: "nothing" } }),
  );
});

const recording = {
  limits: { timeout_ms: 1, memory_mb: 1, fuel: 1 },
  request: {
    context: {
      request_id: "request-1",
      tenant_id: "tenant-1",
      extension_id: "registry-1",
      install_id: "install-1",
      version_id: "version-1",
      content_hash: `sha256:${"0".repeat(64)}`,
      config: {},
    },
    http: { method: "POST", path: "/items", query: "", headers: [] },
    limits: { timeout_ms: 1, memory_mb: 1, fuel: 1 },
    providers: [],
  },
  response: { status: 201, headers: [], body: { size: 0, sha256: "" } },
};

test.each([
  ["is no text", { http: { ...recording.request.http, body_b64: "AP+AAQ==" } }, 4],
  ["was too long to be kept", { body_omitted: { size: 300_000, sha256: "" } }, 300_000],
])("a request's body that %s is told by its length", (_title, request, bytes) => {
  const { har } = createExecutionArchive({
    executions: { find: () => execution },
    recordings: {
      recording: () =>
        executionRecordingSchema.parse({ ...recording, request: { ...recording.request, ...request } }),
    },
    redact: (_install, text) => text,
  });
  const [entry] = harSchema.parse(JSON.parse(har(["execution-1"], "http://h"))).log.entries;
  expect(entry?.request).toMatchObject({ bodySize: bytes });
  expect(entry?.request).not.toHaveProperty("postData");
  expect(entry?.comment).toBe("The request's body is left out: it is no text or was too long to be kept.");
});

test("a path that is no URI as it stands is told as one", () => {
  const { har } = createExecutionArchive({
    executions: { find: () => ({ ...execution, path: "/a%zz/[secret k]/\u{1f600}\ud800" }) },
    recordings: { recording: () => undefined },
    redact: (_install, text) => text,
  });
  const [entry] = harSchema.parse(JSON.parse(har(["execution-1"], "http://h"))).log.entries;
  expect(entry?.request.url).toBe(
    "http://h/api/ext/com.acme.tickets/a%25zz/%5Bsecret%20k%5D/%F0%9F%98%80%EF%BF%BD",
  );
});
