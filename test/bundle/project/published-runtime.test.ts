import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject } from "../../../core/bundle/project/index.ts";
import { MANIFEST, writeProject } from "./folder.ts";
import { type Guest, startGuest } from "./guest.ts";

const PACKAGE = "@alga-psa/extension-runtime";

/** An author's extension against the published package: reads a secret, writes and lists storage, logs. */
const HANDLER = `
import { callProxyJson, type ExecuteRequest, type ExecuteResponse, type HostBindings, jsonResponse } from "${PACKAGE}";

export async function handler(request: ExecuteRequest, host: HostBindings): Promise<ExecuteResponse> {
  const encoder = new TextEncoder();
  await host.storage.put({ namespace: "seen", key: request.http.url, value: encoder.encode(request.http.method) });
  const seen = await host.storage.list("seen");
  await host.logging.info(\`seen \${seen.length}\`);
  return jsonResponse(
    {
      secret: (await host.secrets.get("api_key")).length,
      absent: await host.storage.get("seen", "/never"),
      seen: seen.map(({ key }) => key),
      proxied: await callProxyJson(host.uiProxy, "/api/tickets", { open: true }),
    },
    { status: 202 },
  );
}
`;

const root = mkdtempSync(join(tmpdir(), "workbench-published-"));
const installed = installs(join(root, "installed"));

/** The package carries no licence to copy it, so it is fetched by whoever runs this test, if they can reach it. */
function installs(dir: string): boolean {
  writeProject(dir, {
    "manifest.json": { ...MANIFEST, name: "com.example.published" },
    "package.json": { private: true, type: "module", dependencies: { [PACKAGE]: "^0.3.0" } },
    "src/handler.ts": HANDLER,
  });
  try {
    const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"];
    execFileSync("npm", args, {
      cwd: dir,
      stdio: "pipe",
      timeout: 60_000,
      shell: process.platform === "win32",
    });
  } catch {
    return false;
  }
  return existsSync(join(dir, "node_modules", PACKAGE, "package.json"));
}

if (!installed) {
  process.stderr.write(
    `SKIPPED: ${PACKAGE} could not be installed from the registry; its compatibility was not tested.\n`,
  );
}

describe.skipIf(!installed)("an extension made with the published runtime package", () => {
  let published: Guest;
  let standIn: Guest;

  beforeAll(async () => {
    const first = await buildProject({ dir: join(root, "installed"), engine: "quickjs" });
    expect(first.warnings).toBeUndefined();
    published = await startGuest(first.wasm ?? "");
    const bare = writeProject(join(root, "bare"), {
      "package.json": { dependencies: { [PACKAGE]: "^0.3.0" } },
      "src/handler.ts": HANDLER,
    });
    const second = await buildProject({ dir: bare, engine: "quickjs" });
    expect(second.warnings?.join()).toContain("stand-in");
    standIn = await startGuest(second.wasm ?? "");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("runs unchanged", async () => {
    await published.call("GET", "/one");
    const answer = await published.call("GET", "/two");
    expect(answer.status).toBe(202);
    expect(answer.headers).toEqual([{ name: "content-type", value: "application/json" }]);
    expect(JSON.parse(answer.text)).toEqual({
      secret: 6,
      absent: null,
      seen: ["/one", "/two"],
      proxied: { route: "/api/tickets", sent: '{"open":true}' },
    });
    expect(published.log).toContain("info seen 2");
  });

  it("answers the same when it was built with the stand-in", async () => {
    for (const guest of [published, standIn]) await guest.call("GET", "/three");
    const [one, other] = [await published.call("GET", "/three"), await standIn.call("GET", "/three")];
    expect(other.status).toBe(one.status);
    expect(other.headers).toEqual(one.headers);
    expect(JSON.parse(other.text).proxied).toEqual(JSON.parse(one.text).proxied);
  });
});
