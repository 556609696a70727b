/**
 * An extension that calls what its request's body says: `[[interface, function, arguments], …]`. In arguments `null` is
 * an absent option, `#NaN` and `#Infinity` are numbers, and a text after `bytes:` is bytes.
 */
export const CALLER = `
import * as clients from "alga:extension/clients";
import * as invoicing from "alga:extension/invoicing";
import * as logging from "alga:extension/logging";
import * as metrics from "alga:extension/metrics";
import * as secrets from "alga:extension/secrets";
import * as services from "alga:extension/services";
import * as storage from "alga:extension/storage";
import * as uiProxy from "alga:extension/ui-proxy";
import * as user from "alga:extension/user";
import * as userV2 from "alga:extension/user-v2";

const api = { clients, invoicing, logging, metrics, secrets, services, storage, "ui-proxy": uiProxy, user, "user-v2": userV2 };
const bytes = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0));
const text = (body) => decodeURIComponent(escape(String.fromCharCode(...(body ?? []))));
const answer = (value, status = 200) => ({ status, headers: [], body: bytes(JSON.stringify(value,
  (_key, item) => item instanceof Uint8Array ? "bytes:" + text(item) : typeof item === "bigint" ? Number(item) : item)) });
const revive = (_key, item) =>
  item === null ? undefined
  : item === "#NaN" ? NaN
  : item === "#Infinity" ? Infinity
  : typeof item === "string" && item.startsWith("bytes:") ? bytes(item.slice(6))
  : item;
const invoke = ([name, fn, args]) => api[name][fn](...args);
// A reviver that answers undefined leaves holes in arrays; they read as undefined all the same.
const calls = (request) => JSON.parse(text(request.http.body), revive);
const attempt = (call) => {
  try { return { ok: invoke(call) }; } catch (error) { return { err: error.payload ?? String(error) }; }
};

const routes = {
  "/run": (request) => answer(calls(request).map(attempt)),
  "/uncaught": (request) => answer(calls(request).map(invoke)),
  "/rethrow": (request) => {
    try { return answer(calls(request).map(invoke)); }
    catch (error) { logging.logError("it failed"); throw error; }
  },
  "/cope": (request) => {
    calls(request).map(attempt);
    user.getUser();
    throw new Error("something else");
  },
  "/deep": (request) => {
    const left = Number(request.http.url.split("=")[1]);
    if (left === 0) return answer({ reached: [], method: request.http.method });
    try {
      const inner = JSON.parse(text(uiProxy.callRoute("/deep?left=" + (left - 1), undefined)));
      return answer({ ...inner, reached: [left, ...inner.reached] });
    } catch (error) { return answer({ reached: [left], err: error.payload }); }
  },
  "/echo": (request) => answer({ method: request.http.method, url: request.http.url, body: text(request.http.body), user: user.getUser() }),
  "/status": (request) => answer({}, Number(request.http.url.split("=")[1])),
  "/slow": () => { for (;;); },
};

export function handler(request) {
  const route = routes[request.http.url.split("?")[0]];
  return route === undefined ? answer({ error: "no route" }, 404) : route(request);
}
`;
