import { packArchive } from "../../core/bundle/index.ts";
import type { RunningHost } from "../../core/host-process.ts";

export const HOSTILE_NAME = "com.acme.hostile-ui";
export const HOSTILE_TITLE = "Hostile UI";

const MANIFEST = {
  name: HOSTILE_NAME,
  display_name: HOSTILE_TITLE,
  version: "1.0.0",
  runtime: "wasm-js@1",
  ui: { type: "iframe", entry: "ui/index.html", hooks: { appMenu: { label: HOSTILE_TITLE } } },
};

const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Hostile</title><script type="module" src="./main.js"></script></head>
  <body>
    <h1>Hostile</h1>
    <button>flood</button>
    <button>leave</button>
    <button>wander</button>
    <button>reach the parent</button>
    <button>forge</button>
    <button>nest</button>
    <button>violate</button>
    <button>print</button>
    <button>grow</button>
    <button>climb</button>
    <output id="out"></output>
  </body>
</html>
`;

/** Every way of misbehaving, one a button. */
const SCRIPT = `
const origin = new URLSearchParams(location.search).get("parentOrigin");
const say = (type, payload, request_id) => parent.postMessage({ alga: true, version: "1", type, request_id, payload }, origin);
const out = document.getElementById("out");
const attempt = (name, what) => {
  try {
    what();
    out.textContent += name + ": done; ";
  } catch (error) {
    out.textContent += name + ": " + error.name + "; ";
  }
};
const deeds = {
  flood: () => { for (let i = 0; i < 20000; i++) say("resize", { height: 200 + (i % 2) }); },
  leave: () => { location.href = "http://example.com/"; },
  wander: () => { location.href = "./other.html"; },
  "reach the parent": () => {
    attempt("document", () => parent.document.title);
    attempt("location", () => { top.location.href = "http://example.com/"; });
    attempt("storage", () => localStorage.length);
    attempt("popup", () => { if (window.open("http://example.com/") === null) throw new TypeError(); });
    fetch(origin + "/rpc/state", { method: "POST", body: "{}" }).then(
      () => { out.textContent += "fetch: done; "; },
      (error) => { out.textContent += "fetch: " + error.name + "; "; },
    );
  },
  forge: () => {
    parent.postMessage({ alga: true, version: "2", type: "ready", payload: {} }, origin);
    parent.postMessage({ alga: true, version: "1", type: "bootstrap", payload: {} }, origin);
    parent.postMessage("ready", origin);
    const knot = { alga: true, version: "1", type: "resize", payload: {} };
    knot.payload.knot = knot;
    parent.postMessage(knot, origin);
  },
  nest: () => {
    const inner = document.createElement("iframe");
    inner.srcdoc = '<script src="' + new URL("./inner.js", location.href) + '?' + encodeURIComponent(origin) + '"></' + 'script>';
    document.body.append(inner);
  },
  violate: () => {
    const image = new Image();
    image.src = "http://example.com/leak.png";
    document.body.append(image);
  },
  print: () => {
    console.log("hello", { from: "the <b>frame</b>" });
    for (let i = 0; i < 5000; i++) console.warn("again", i);
    console.error(new Error("thrown by a button"));
    Promise.reject(new Error("rejected"));
  },
  grow: () => say("resize", { height: 1e9 }),
  climb: () => say("apiproxy", { route: "/../../rpc/state", method: "GET" }, "climb-1"),
};
addEventListener("message", ({ data }) => { out.textContent += "host says " + data.type + " " + (data.payload.error ?? "") + "; "; });
for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", deeds[button.textContent]);
}
say("ready", {});
`;

const INNER = `
const origin = decodeURIComponent(new URL(document.currentScript.src).search.slice(1));
top.postMessage({ alga: true, version: "1", type: "ready", payload: {} }, origin);
`;

/** Publishes and installs an extension whose page does what a preview must contain. */
export async function installHostileUi({ workbench, developmentKey }: RunningHost): Promise<void> {
  const archive = await packArchive(
    Object.entries({
      "manifest.json": JSON.stringify(MANIFEST),
      "ui/index.html": PAGE,
      "ui/other.html": "<!doctype html><title>Other</title><p>Another page.</p>",
      "ui/main.js": SCRIPT,
      "ui/inner.js": INNER,
    }).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })),
  );
  const tenantId = workbench.tenantId(undefined);
  const { signature } = await workbench.sign(archive, developmentKey.id);
  const { registry_id, version } = await workbench.registry.publish({ archive, signature, tenantId });
  await workbench.registry.install({ ref: registry_id, tenantId, version });
}
