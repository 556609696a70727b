/** Asks for a bit of everything, so that one build serves the suite. `variant` changes what it does. */
export function extensionSource(variant: "first" | "second"): string {
  return `
import { getContext } from "alga:extension/context";
import { logInfo } from "alga:extension/logging";
import { get as getSecret } from "alga:extension/secrets";
import { fetch } from "alga:extension/http";
import { get, put } from "alga:extension/storage";

const bytes = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0));
const text = (body) => body === undefined ? "" : decodeURIComponent(escape(String.fromCharCode(...body)));
const json = (value) => ({ status: 200, headers: [{ name: "content-type", value: "application/json" }], body: bytes(JSON.stringify(value)) });

/** The suite's server says its port in the query, so that a component is the same in every run. */
const server = (http) => "http://localhost:" + http.url.split("port=")[1];

const routes = {
  "/all": ({ http }) => {
    getContext();
    const secret = getSecret("api_key");
    logInfo("asked for the secret");
    const stored = put({ namespace: "n", key: "note", value: bytes(text(http.body)), revision: undefined });
    const answer = fetch({ method: "POST", url: server(http) + "/orders?page=1", headers: [{ name: "authorization", value: "Bearer " + secret }], body: bytes("${variant} order") });
    let missing;
    try { get("n", "nothing"); } catch (error) { missing = error.payload; }
    return json({ revision: String(stored.revision), answer: text(answer.body), missing, now: Date.now(), random: Math.random() });
  },
  "/echo": ({ http }) => json({ echoed: text(fetch({ method: "GET", url: server(http) + "/echo-secret", headers: [{ name: "x-key", value: getSecret("api_key") }], body: undefined }).body) }),
  "/log": () => { logInfo("the secret is " + getSecret("api_key")); return json({}); },
  "/hang": ({ http }) => { logInfo("in"); fetch({ method: "GET", url: server(http) + "/never", headers: [], body: undefined }); },
  "/many": () => { for (let i = 0; i < 1200; i++) logInfo("line"); return json({}); },
};
export function handler(request) {
  const route = routes[request.http.url.split("?")[0]];
  return route === undefined ? { status: 404, headers: [], body: undefined } : route(request);
}
`;
}
