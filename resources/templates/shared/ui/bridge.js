/**
 * The extension's side of the preview protocol, version 1: messages to and from the page that shows this frame.
 * No dependency, no inline code; replace it by @alga-psa/extension-iframe-sdk when you bundle your UI.
 */
const VERSION = "1";
const CALL_TIMEOUT_MS = 30_000;
const parentOrigin = new URLSearchParams(location.search).get("parentOrigin") ?? location.origin;
const pending = new Map();
let calls = 0;

function send(type, payload, request_id) {
  parent.postMessage({ alga: true, version: VERSION, type, request_id, payload }, parentOrigin);
}

addEventListener("message", (event) => {
  const message = event.data;
  if (event.source !== parent || event.origin !== parentOrigin) return;
  if (message?.alga !== true || message.version !== VERSION) return;
  if (message.type === "bootstrap") start(message.payload);
  if (message.type === "apiproxy_response") pending.get(message.request_id)?.(message.payload);
});

let started;
const bootstrapped = new Promise((resolve) => {
  started = resolve;
});

function start(payload) {
  for (const [name, value] of Object.entries(payload?.theme_tokens ?? {})) {
    if (name.startsWith("--")) document.documentElement.style.setProperty(name, String(value));
  }
  started(payload);
}

/** Resolves with the host's bootstrap: session, theme tokens (already applied), navigation. */
export function connect() {
  send("ready", {});
  new ResizeObserver(() => send("resize", { height: document.documentElement.scrollHeight })).observe(document.body);
  return bootstrapped;
}

/** Asks the host to show another path of this extension. */
export function navigate(path) {
  send("navigate", { path });
}

/** Calls an endpoint of this extension and answers its JSON. A `body` is sent as JSON. */
export function call(route, { method = "GET", body } = {}) {
  const request_id = `call-${++calls}`;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle({ error: "The host did not answer." }), CALL_TIMEOUT_MS);
    const settle = ({ body: answer, error }) => {
      clearTimeout(timer);
      pending.delete(request_id);
      if (error) return reject(new Error(error));
      const text = answer ? decode(answer) : "";
      try {
        resolve(text ? JSON.parse(text) : undefined);
      } catch {
        reject(new Error("The extension did not answer JSON."));
      }
    };
    pending.set(request_id, settle);
    const encoded = body === undefined ? {} : { body: encode(JSON.stringify(body)) };
    send("apiproxy", { route, method, ...encoded }, request_id);
  });
}

function encode(text) {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function decode(base64) {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
