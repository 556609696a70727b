/**
 * One extension for most suites, so that each engine builds it once: the path says what to do.
 * It uses no global that QuickJS lacks.
 */
export const EXTENSION = `
import { getContext } from "alga:extension/context";
import { logInfo, logWarn, logError } from "alga:extension/logging";
import { getUser } from "alga:extension/user";
import { getUser as getUserV2 } from "alga:extension/user-v2";
import { get as getSecret, listKeys } from "alga:extension/secrets";
import { fetch } from "alga:extension/http";
import { get, put, delete as remove, listEntries } from "alga:extension/storage";

const bytes = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0));
const text = (body) => body === undefined ? undefined : decodeURIComponent(escape(String.fromCharCode(...body)));
const json = (value, status = 200, headers = []) => ({
  status,
  headers: [{ name: "content-type", value: "application/json" }, ...headers],
  body: bytes(JSON.stringify(value, (_key, item) => typeof item === "bigint" ? Number(item) : item)),
});
const attempt = (run) => {
  try { return { ok: run() }; } catch (error) { return { err: error && error.payload !== undefined ? error.payload : String(error) }; }
};
const entry = (e) => ({ ...e, value: text(e.value) });

let counter = 0;
const hoard = [];

const routes = {
  "/echo": ({ http }) => json({
    method: http.method,
    url: http.url,
    body: text(http.body),
    accept: http.headers.find((h) => h.name === "accept")?.value,
  }),
  "/count": () => json({ counter: ++counter }),
  "/context": (request) => json({ function: getContext(), request: request.context }),
  "/user": () => json({ v1: attempt(getUser), v2: attempt(getUserV2) }),
  "/log": () => { logInfo("one"); logWarn("two"); logError("three"); return json({}); },
  "/flood": () => { for (let i = 0; i < 1500; i++) logInfo("line " + i); logInfo("x".repeat(10000)); return json({}); },
  "/secret": ({ http }) => json({ value: attempt(() => getSecret(text(http.body))), keys: attempt(listKeys) }),
  "/storage": () => {
    const put1 = attempt(() => entry(put({ namespace: "n", key: "k", value: bytes("one"), revision: undefined })));
    // A u64 is a bigint for StarlingMonkey and a number for QuickJS.
    const revision = (value) => typeof put1.ok?.revision === "bigint" ? BigInt(value) : value;
    const conflict = attempt(() => entry(put({ namespace: "n", key: "k", value: bytes("x"), revision: revision(99) })));
    const put2 = attempt(() => entry(put({ namespace: "n", key: "k", value: bytes("two"), revision: put1.ok?.revision })));
    const read = attempt(() => entry(get("n", "k")));
    const listed = attempt(() => listEntries("n", undefined).map(entry));
    const tooLarge = attempt(() => put({ namespace: "n", key: "large", value: new Uint8Array(2000000), revision: undefined }));
    const removed = attempt(() => remove("n", "k"));
    const missing = attempt(() => get("n", "k"));
    return json({ put1, conflict, put2, read, listed, tooLarge, removed, missing });
  },
  "/fetch": ({ http }) => json(attempt(() => {
    const answer = fetch({ method: "GET", url: text(http.body), headers: [{ name: "x-from", value: "extension" }, { name: "host", value: "elsewhere" }], body: undefined });
    return { status: answer.status, body: text(answer.body), headers: answer.headers };
  })),
  "/loop": () => { for (;;); },
  "/spin": () => { for (;;) JSON.stringify({ a: [1] }); },
  "/burn": () => { let x = 0; for (let i = 0; i < 1e9; i++) x += i; return json({ x }); },
  "/hoard": () => { for (;;) hoard.push(new Uint8Array(1048576).fill(1)); },
  "/throw": () => { throw new Error("a secret detail"); },
  "/recurse": () => { const deeper = (n) => deeper(n + 1) + 1; return json({ n: deeper(0) }); },
  "/status": ({ http }) => ({ status: Number(text(http.body)), headers: [], body: undefined }),
  "/header": ({ http }) => { const [name, value] = JSON.parse(text(http.body)); return { status: 200, headers: [{ name, value }], body: undefined }; },
  "/headers": ({ http }) => ({
    status: 200,
    headers: Array.from({ length: Number(text(http.body)) }, (_, i) => ({ name: "x-ext-" + i, value: "v".repeat(100) })),
    body: undefined,
  }),
  "/chatter": () => { for (;;) getContext(); },
  "/big-call": () => json(attempt(() => getSecret("x".repeat(9000000)))),
  "/large": ({ http }) => ({ status: 200, headers: [], body: new Uint8Array(Number(text(http.body))) }),
};

export function handler(request) {
  const route = routes[request.http.url.split("?")[0]];
  return route === undefined ? json({ error: "no route" }, 404) : route(request);
}
`;
