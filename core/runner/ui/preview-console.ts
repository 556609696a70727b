import { createHash } from "node:crypto";

/**
 * Runs in a preview's page before any script of the extension: what the page prints, and what fails in it, goes to the
 * page that shows the frame. In bunches, at most ten a second: a page in a loop of lines is no flood of messages.
 */
const SOURCE = `(() => {
  const origin = new URLSearchParams(location.search).get("parentOrigin");
  if (origin === null || parent === window) return;
  const host = parent;
  const later = setTimeout.bind(window);
  let lines = [], dropped = 0;
  const flush = () => {
    const payload = { lines, dropped };
    lines = []; dropped = 0;
    host.postMessage({ alga: true, version: "1", type: "console", payload }, origin);
  };
  const word = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return value.stack || String(value);
    try { return JSON.stringify(value) ?? String(value); } catch { return String(value); }
  };
  const say = (level, text) => {
    if (lines.length + dropped === 0) later(flush, 100);
    if (lines.length < (level === "error" ? 100 : 50)) lines.push({ level, text: text.slice(0, 2000) });
    else dropped += 1;
  };
  for (const level of ["debug", "log", "info", "warn", "error"]) {
    const print = console[level].bind(console);
    console[level] = (...parts) => {
      print(...parts);
      try { say(level, parts.map(word).join(" ")); } catch {}
    };
  }
  addEventListener("error", ({ target, message, filename, lineno, colno }) => {
    if (target === window) say("error", message + " (" + filename + ":" + lineno + ":" + colno + ")");
    else say("error", "Not loaded: " + (target.src || target.href || target.localName));
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => {
    let text = "a value that cannot be shown";
    try { text = word(reason); } catch {}
    say("error", "Uncaught (in promise) " + text);
  });
})();`;
/** On one line, so that no line of the page moves. */
const SCRIPT = SOURCE.replace(/\s*\n\s*/g, " ");

/** Source for `script-src` that lets this one inline script run, and no other. */
export const PREVIEW_CONSOLE_SOURCE = `'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`;

const DOCTYPE = /^(?:\xEF\xBB\xBF)?\s*(?:<!--[\s\S]*?-->\s*)*<!doctype[^>]*>/i;

/** The page with the script before everything else of it. */
export function withPreviewConsole(page: Uint8Array): Uint8Array {
  // Byte by byte: whatever the page is written in stays as it is.
  const text = Buffer.from(page).toString("latin1");
  const start = DOCTYPE.exec(text)?.[0] ?? "";
  const script = `<script>${SCRIPT}</script>`;
  return Buffer.from(`${start}${script}${text.slice(start.length)}`, "latin1");
}
