import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { packArchive } from "../../core/bundle/index.ts";
import { EXECUTE_ERROR_CODES } from "../../core/contract/execute.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { ensureDevelopmentKey } from "../../core/wiring/development-key.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { startCli } from "../support/cli-process.ts";
import { buildTestComponent } from "../support/components.ts";
import { suiteFolder, tempFolder } from "../support/temp.ts";
import { selfSigned, startWireRunner, WIRE_TOKEN } from "../support/wire-runner.ts";

const NAME = "com.acme.elsewhere";
const ANSWER = `export const handler = () => ({ status: 200, headers: [], body: new Uint8Array([111, 107]) });`;
const folder = suiteFolder();
const archive = packed();
let workbench: Workbench;

beforeAll(async () => {
  workbench = await drive(await startWireRunner());
});

async function packed(): Promise<Uint8Array> {
  const manifest = { name: NAME, version: "1.0.0", runtime: "wasm-js@1" };
  return packArchive([
    { path: "manifest.json", bytes: Buffer.from(JSON.stringify(manifest)) },
    { path: "dist/main.wasm", bytes: await buildTestComponent({ source: ANSWER, engine: "quickjs" }) },
  ]);
}

/** A workbench of its own with the extension installed, that calls the runner at `url`. */
async function drive(url: string, variables: NodeJS.ProcessEnv = {}): Promise<Workbench> {
  return open({ RUNNER_BASE_URL: url, RUNNER_SERVICE_TOKEN: WIRE_TOKEN, ...variables });
}

let opened = 0;
async function open(variables: NodeJS.ProcessEnv): Promise<Workbench> {
  const made = await openWorkbench({
    environment: readEnvironment(variables, process.platform, { home: join(folder, `home${++opened}`) }),
    logger: createLogger("silent"),
  });
  afterAllOpen.push(made);
  const tenantId = made.tenantId(undefined);
  const key = await ensureDevelopmentKey({ ...made, tenantId, now: new Date() });
  const { signature } = await made.sign(await archive, key.id);
  await made.registry.publish({ archive: await archive, signature, tenantId });
  await made.registry.install({ ref: NAME, tenantId });
  await made.runner.start();
  return made;
}
const afterAllOpen: Workbench[] = [];
afterAll(() => Promise.all(afterAllOpen.map((each) => each.dispose())));

/** The gateway's answer, and what its trace says of the execution. */
async function call(path: string, by = workbench, signal?: AbortSignal) {
  const tenantId = by.tenantId(undefined);
  const request = {
    tenantId,
    ref: NAME,
    method: "POST",
    path,
    headers: [],
    body: Buffer.from("hello"),
    signal,
  };
  const { status, headers, body } = await by.call(request);
  const text = Buffer.from(body ?? []).toString();
  by.executions.flush();
  const execution = by.executions.list({ limit: 1 }).items[0];
  const trace = execution && by.executions.get(execution.id)?.trace.at(-1);
  return { status, headers, text, trace };
}

describe("a runner that knows only the wire contract", () => {
  it("gets what the contract says, and its answer passes the gateway's rules", async () => {
    const { status, headers, text } = await call("/echo/x?q=1");
    expect(status).toBe(201);
    expect(JSON.parse(text)).toMatchObject({
      keys: expect.arrayContaining(["context", "http", "limits", "providers"]),
      tenant: workbench.tenantId(undefined),
      http: {
        method: "POST",
        path: "/echo/x",
        query: "?q=1",
        body_b64: Buffer.from("hello").toString("base64"),
      },
    });
    expect(JSON.stringify(headers)).not.toContain("set-cookie");
  });

  const STATUS: Record<(typeof EXECUTE_ERROR_CODES)[number], number> = {
    timeout: 504,
    memory_limit: 502,
    fuel_exhausted: 504,
    quota_exceeded: 429,
    capability_denied: 403,
    bad_handler: 502,
    response_too_large: 502,
    signature_invalid: 502,
    bundle_unavailable: 502,
    internal: 502,
  };
  it.each(EXECUTE_ERROR_CODES)("reports %s, and the caller gets the status of the table", async (code) => {
    const { status, text } = await call(`/error/${code}`);
    expect([status, JSON.parse(text).error.code]).toEqual([
      STATUS[code],
      code === "signature_invalid" ? "certificate_revoked" : code,
    ]);
    // A bundle that the runner refused stays refused until it is judged again.
    if (code === "signature_invalid") await workbench.registry.reverify();
  });

  it.each(["nonsense", "shape", "failing", "redirect", "huge"])(
    "answers %s, which is no answer",
    async (behaviour) => {
      const { status, text, trace } = await call(`/${behaviour}`);
      expect([status, JSON.parse(text).error.code]).toEqual([502, "internal"]);
      expect(JSON.stringify(trace)).toMatch(/is not an execute response|is over \d+ bytes/);
    },
  );

  it("may take its time over an answer, byte by byte", async () => {
    expect(await call("/slow")).toMatchObject({ status: 200 });
  });

  it("hangs up, which is an outage and not an answer", async () => {
    const { status, text, trace } = await call("/hangup");
    expect([status, JSON.parse(text).error.code]).toEqual([502, "runner_unavailable"]);
    expect(JSON.stringify(trace)).toContain("ECONNRESET");
  });

  it.each(["never", "half"])("answers %s, and holds nobody who stops waiting", async (behaviour) => {
    const reason = new Error("the caller has gone");
    const caller = new AbortController();
    const waiting = call(`/${behaviour}`, workbench, caller.signal);
    // Its turn comes after that of the request, which is under way by the time this one is answered.
    await call("/echo");
    caller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe("a runner that cannot be used", () => {
  it("is named at the start and at each call when nobody listens", async () => {
    const url = "http://127.0.0.1:9";
    const lost = await drive(url);
    expect(lost.runner.trouble()).toMatchObject({
      message: expect.stringContaining(`${url} cannot be reached`),
    });
    const { status, text, trace } = await call("/echo", lost);
    expect([status, JSON.parse(text).error.code]).toEqual([502, "runner_unavailable"]);
    expect(JSON.stringify(trace)).toContain("ECONNREFUSED");
  });

  it("says so when it refuses the service token, and the token is not repeated", async () => {
    const token = "another-service-token-entirely";
    const wrong = await drive(workbench.environment.RUNNER_BASE_URL ?? "", { RUNNER_SERVICE_TOKEN: token });
    expect(wrong.runner.trouble()).toMatchObject({
      message: expect.stringContaining("refuses the service token"),
    });
    const answer = await call("/echo", wrong);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([502, "internal"]);
    expect(JSON.stringify(answer.trace)).toContain("refused the service token");
    expect(JSON.stringify(answer)).not.toContain(token);
  });
});

describe("a runner behind TLS", () => {
  const certificate = selfSigned("127.0.0.1");
  const elsewhere = selfSigned("127.0.0.2");
  const trust = (pem: string) => {
    const before = getCACertificates("default");
    setDefaultCACertificates([...before, pem]);
    onTestFinished(() => setDefaultCACertificates(before));
  };

  it("is called when its authority is known, and is unavailable for a reason when it is not", async () => {
    const secure = await drive(await startWireRunner(certificate));
    const { status, trace } = await call("/echo", secure);
    expect([status, JSON.stringify(trace)]).toEqual([
      502,
      expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT/),
    ]);
    trust(certificate.cert);
    expect(await call("/echo", secure)).toMatchObject({ status: 201 });
  });

  it("is unavailable with the certificate of another address", async () => {
    trust(elsewhere.cert);
    const secure = await drive(await startWireRunner(elsewhere));
    const { status, trace } = await call("/echo", secure);
    expect([status, JSON.stringify(trace)]).toEqual([
      502,
      expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID"),
    ]);
  });

  it("is found well by doctor with NODE_EXTRA_CA_CERTS, and named without", async () => {
    const env = { RUNNER_BASE_URL: await startWireRunner(certificate), RUNNER_SERVICE_TOKEN: WIRE_TOKEN };
    const examine = async (more: NodeJS.ProcessEnv) => {
      const doctor = startCli(["doctor", "--json", "--home", tempFolder()], { ...env, ...more });
      await doctor.ended();
      const { checks } = JSON.parse(doctor.stdout());
      return checks.find(({ name }: { name: string }) => name === "runner");
    };
    expect(await examine({ NODE_EXTRA_CA_CERTS: certificate.certFile })).toMatchObject({ status: "pass" });
    expect(await examine({})).toMatchObject({
      status: "warn",
      detail: expect.stringContaining("SELF_SIGNED"),
    });
  });
});

describe("the embedded runner of another workbench", () => {
  it("runs a bundle that both find in one store, when it trusts the signer", async () => {
    const shared = { BUNDLE_STORE: `file:${join(folder, "bundles")}`, RUNNER_SERVICE_TOKEN: WIRE_TOKEN };
    const home = await open(shared);
    const guest = await drive(home.runner.publicBase() ?? "", shared);
    expect(guest.runner.trouble()).toBeUndefined();
    const untrusted = await call("/", guest);
    expect([untrusted.status, JSON.parse(untrusted.text).error.code]).toEqual([502, "untrusted_signer"]);
    for (const { id } of guest.keystore.list())
      await home.trust.add({ pem: guest.keystore.get(id).certificate_chain_pem, note: "the other desk's" });
    await home.runner.refresh();
    await guest.registry.reverify();
    expect(await call("/", guest)).toMatchObject({ status: 200, text: "ok" });
  });
});
