import { randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../../core/contract/content-hash.ts";
import { extensionLabel } from "../../../core/runner/index.ts";
import { authorityOf } from "../../../core/runner/server/authority.ts";
import { manifest, openRunnerHome, type RunnerHome, SERVICE_TOKEN } from "../support/runner-home.ts";

let home: RunnerHome;
let hash: ContentHash;
const PAGE = "<!doctype html><script type=module src=./app.js></script>";

beforeAll(async () => {
  home = await openRunnerHome();
  hash = await home.publish({
    "manifest.json": manifest({ entry: "ui/index.html" }),
    "ui/index.html": PAGE,
    "ui/app.js": "export {};",
    "ui/deep/style.css": "body{}",
    "ui/logo.svg": "<svg/>",
    "ui/name with ü.txt": "text",
    "secret.txt": "outside ui/",
  });
  home.uiTenants.set("ext-1", ["tenant-a"]);
});
afterAll(() => home.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends the target and the Host header as they are, which `fetch` would not. */
function send(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { port } = home.supervisor.state();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(
    { host: "127.0.0.1", port, path, method: options.method ?? "GET", headers: { ...options.headers } },
    (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    },
  );
  sent.on("error", reject);
  sent.end(options.body);
  return promise;
}

const port = () => home.supervisor.state().port ?? 0;
const originOf = (id: string) => ({ host: `${extensionLabel(id)}.localhost:${port()}` });
const ui = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  send(`/ext-ui/ext-1/${hash}/${path}`, { method, headers: { ...originOf("ext-1"), ...headers } });
const codeOf = ({ body }: Answer) => JSON.parse(body).error.code;

describe("POST /v1/execute", () => {
  const authorization = `Bearer ${SERVICE_TOKEN}`;
  const post = (body: string, headers: Record<string, string> = { authorization }) =>
    send("/v1/execute", { method: "POST", headers, body });

  it("wants the service token, before it reads anything", async () => {
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: SERVICE_TOKEN }])
      expect(await post("{}", headers)).toMatchObject({ status: 401 });
  });

  it("refuses what is no execute request and says where", async () => {
    for (const body of ["", "{", "[]", "null", "{}"]) {
      const answer = await post(body);
      expect([answer.status, codeOf(answer)]).toEqual([400, "malformed_request"]);
    }
    const bad = home.request(hash, { limits: { timeout_ms: -1 } });
    expect((await post(JSON.stringify(bad))).body).toContain("limits.timeout_ms");
  });

  it("takes a body of ten mebibytes, and refuses one over its cap without reading it", async () => {
    const body_b64 = Buffer.alloc(10 * 1024 * 1024).toString("base64");
    const large = home.request(hash, { http: { method: "POST", body_b64 } });
    expect((await post(JSON.stringify(large))).status).toBe(200);
    const answer = await send("/v1/execute", {
      method: "POST",
      headers: { authorization, "content-length": String(100 * 1024 * 1024), expect: "100-continue" },
    }).catch((error: Error) => error);
    expect(answer).toMatchObject({ status: 413 });
  });

  it("answers other methods and routes with 405 and 404", async () => {
    expect(await send("/v1/execute", { headers: { authorization } })).toMatchObject({ status: 405 });
    expect(await send("/v1/other", { headers: { authorization } })).toMatchObject({ status: 404 });
  });

  it("is not there on an extension's own origin", async () => {
    expect(await post("{}", { authorization, ...originOf("ext-1") })).toMatchObject({ status: 404 });
  });
});

describe("the Host header", () => {
  it("is this runner's, by a name that no one else can own", () => {
    for (const host of ["127.0.0.1:80", "localhost:80", "LOCALHOST:80", "localhost"])
      expect(authorityOf(host, 80)).toEqual({ kind: "runner" });
    expect(authorityOf("abc.localhost:80", 80)).toEqual({ kind: "extension", label: "abc" });
    for (const host of [
      undefined,
      "",
      "evil.test:80",
      "127.0.0.1:81",
      "127.0.0.1.evil.test:80",
      "localhost.evil.test:80",
      "a.b.localhost:80",
      "user@localhost:80",
      "[::1]:80",
      "0.0.0.0:80",
    ])
      expect(authorityOf(host, 80)).toBeUndefined();
  });

  it("of another name is refused on every route (DNS rebinding)", async () => {
    for (const path of ["/healthz", "/v1/execute", `/ext-ui/ext-1/${hash}/`])
      expect(await send(path, { headers: { host: `evil.test:${port()}` } })).toMatchObject({ status: 421 });
  });
});

describe("the assets of an extension's UI", () => {
  it("come with their type, their policy and the right to be kept for ever", async () => {
    const { status, headers, body } = await ui("index.html");
    expect([status, body]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    });
    const policy = headers["content-security-policy"];
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("frame-ancestors http://127.0.0.1:4000");
    expect(policy).not.toContain("sandbox");
    expect((await ui("app.js")).headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect((await ui("deep/style.css")).headers["content-type"]).toBe("text/css; charset=utf-8");
    expect((await ui("logo.svg")).headers["content-type"]).toBe("image/svg+xml; charset=utf-8");
    expect((await ui("name%20with%20%C3%BC.txt")).body).toBe("text");
  });

  it("are confirmed by their tag without being sent again, and described without a body", async () => {
    const { headers } = await ui("app.js");
    const tag = String(headers.etag);
    for (const value of [tag, `W/${tag}`, `"x", ${tag}`, "*"])
      expect(await ui("app.js", { "if-none-match": value })).toMatchObject({ status: 304, body: "" });
    expect((await ui("app.js", { "if-none-match": '"x"' })).status).toBe(200);
    const head = await ui("app.js", {}, "HEAD");
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(head.headers["content-length"]).toBe("10");
  });

  it("come in parts when a part is asked for, by position or from the end", async () => {
    for (const [range, part, shown] of [
      ["bytes=0-3", "expo", "0-3"],
      ["bytes=4-", "rt {};", "4-9"],
      ["bytes=-3", "{};", "7-9"],
      ["bytes=8-999", "};", "8-9"],
      ["bytes=-999", "export {};", "0-9"],
    ] as const) {
      const { status, headers, body } = await ui("app.js", { range });
      expect([range, status, body, headers["content-range"]]).toEqual([
        range,
        206,
        part,
        `bytes ${shown}/10`,
      ]);
      expect(headers).toMatchObject({
        "content-length": String(part.length),
        "content-type": "text/javascript; charset=utf-8",
        "accept-ranges": "bytes",
        "x-content-type-options": "nosniff",
      });
    }
  });

  it("refuse a part that does not exist, and send the whole when the question is another one", async () => {
    for (const range of ["bytes=10-", "bytes=-0", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes=1-2-3"]) {
      const { status, headers } = await ui("app.js", { range });
      expect([range, status, headers["content-range"]]).toEqual([range, 416, "bytes */10"]);
      expect(headers["cache-control"]).toBe("no-store");
    }
    for (const range of ["lines=1-2", "bytes=0-1,4-5", "bytes"])
      expect(await ui("app.js", { range })).toMatchObject({ status: 200, body: "export {};" });
    expect(await ui("app.js", { range: "bytes=0-3" }, "HEAD")).toMatchObject({ status: 200 });
  });

  it("come in parts only while they are what the client has begun to read", async () => {
    const tag = String((await ui("app.js")).headers.etag);
    expect((await ui("app.js", { range: "bytes=0-3", "if-range": tag })).status).toBe(206);
    for (const condition of [`W/${tag}`, '"x"', "Wed, 21 Oct 2015 07:28:00 GMT"])
      expect((await ui("app.js", { range: "bytes=0-3", "if-range": condition })).status).toBe(200);
    expect((await ui("app.js", { range: "bytes=0-3", "if-none-match": tag })).status).toBe(304);
  });

  it("are found under names that would mean something elsewhere", async () => {
    const names = [
      "a%b.js",
      "a b&c=d.js",
      "a#b?c.js",
      "__proto__",
      "constructor.js",
      "ünï.js",
      "-rf",
      "con.js",
      "a;b.js",
    ];
    const odd = await home.publish({
      "manifest.json": manifest({ entry: "ui/index.html" }),
      "ui/index.html": PAGE,
      ...Object.fromEntries(names.map((name) => [`ui/${name}`, `// ${name}`])),
    });
    home.uiTenants.set("ext-odd", ["tenant-a"]);
    for (const name of names) {
      const path = `/ext-ui/ext-odd/${odd}/${encodeURIComponent(name)}`;
      const { status, body, headers } = await send(path, {
        headers: { ...originOf("ext-odd"), "sec-fetch-mode": "cors" },
      });
      expect([name, status, body]).toEqual([name, 200, `// ${name}`]);
      expect(Object.keys(headers)).not.toContain("b");
    }
    for (const name of ["toString", "hasOwnProperty", "valueOf"])
      expect(
        (
          await send(`/ext-ui/ext-odd/${odd}/${name}`, {
            headers: { ...originOf("ext-odd"), "sec-fetch-mode": "cors" },
          })
        ).status,
      ).toBe(404);
  });

  it("answer a navigation to an unknown path with the entry page, an unknown asset with 404", async () => {
    for (const path of ["", "settings", "settings/users/7"]) expect((await ui(path)).body).toBe(PAGE);
    expect((await ui("missing.js", { "sec-fetch-mode": "navigate" })).body).toBe(PAGE);
    expect((await ui("x.y", { accept: "text/html,*/*" })).body).toBe(PAGE);
    for (const path of ["missing.js", "deep/missing.css", "app.js/x.js"])
      expect((await ui(path)).status).toBe(404);
    expect((await ui("data", { "sec-fetch-mode": "cors" })).status).toBe(404);
  });

  it("are below ui/ and nowhere else", async () => {
    for (const path of [
      "../secret.txt",
      "..%2fsecret.txt",
      "%2e%2e/secret.txt",
      "deep/..%5c..%5csecret.txt",
      "..\\secret.txt",
      "./index.html",
      "index.html%00.js",
      "%252e%252e/secret.txt",
      "%zz",
    ])
      expect([path, (await ui(path)).status]).toEqual([path, 400]);
    expect((await ui("secret.txt")).status).toBe(404);
    expect((await ui("/index.html")).status).toBe(404);
  });

  it("are served on their extension's own origin; on the runner's they are put on an opaque one", async () => {
    const elsewhere = await send(`/ext-ui/ext-1/${hash}/app.js`, { headers: originOf("ext-2") });
    expect(elsewhere.status).toBe(404);
    const plain = await send(`/ext-ui/ext-1/${hash}/index.html`);
    expect(plain.headers["content-security-policy"]).toContain("sandbox allow-scripts allow-forms");
  });

  it("pass on the console of a page in a preview, and are the bundle's own bytes elsewhere", async () => {
    const report = "report=0123456789abcdef";
    const previewed = await ui(`index.html?${report}`);
    expect(previewed.body).toMatch(/^<!doctype html><script>.+<\/script><script type=module/);
    expect(previewed.headers["etag"]).not.toBe((await ui("index.html")).headers["etag"]);
    expect((await ui("index.html?report=short")).body).toBe(PAGE);
    expect((await ui(`app.js?${report}`)).body).toBe((await ui("app.js")).body);
  });

  it("are those of an installed extension", async () => {
    const other = await send(`/ext-ui/ext-2/${hash}/app.js`, { headers: originOf("ext-2") });
    expect(other.status).toBe(404);
    expect((await send("/ext-ui/ext-1/no-hash/app.js")).status).toBe(404);
  });

  it("are not served when the bundle does not verify, and only the code is said", async () => {
    const unsigned = await home.publish(
      { "manifest.json": manifest({ entry: "ui/index.html" }), "ui/index.html": "unsigned" },
      { signed: false },
    );
    const answer = await send(`/ext-ui/ext-1/${unsigned}/index.html`);
    expect([answer.status, codeOf(answer)]).toEqual([502, "signature_missing"]);
  });

  it("are read one by one when the whole is too large to be held", async () => {
    const large = await home.publish({
      "manifest.json": manifest({ entry: "ui/index.html" }),
      "ui/index.html": PAGE,
      "ui/large.bin": randomBytes(33 * 1024 * 1024),
    });
    expect((await send(`/ext-ui/ext-1/${large}/`)).body).toBe(PAGE);
    const head = await send(`/ext-ui/ext-1/${large}/large.bin`, { method: "HEAD" });
    expect(head.headers["content-length"]).toBe(String(33 * 1024 * 1024));
    expect((await send(`/ext-ui/ext-1/${large}/missing.js`)).status).toBe(404);
  });

  it("are read, not written", async () => {
    expect(await ui("app.js", {}, "POST")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });
});
