import { getContext } from "alga:extension/context";
import { logInfo, logWarn } from "alga:extension/logging";
import type { ExecuteRequest, ExecuteResponse } from "alga:extension/types";
import { getUser } from "alga:extension/user";
import { addItem, closeItem, listItems, readItem } from "./items.ts";

const ITEM_PATH = /^\/items\/([^/]+)$/;

/** The gateway has matched the manifest's endpoints already; this decides which of them was meant. */
export function handler({ http }: ExecuteRequest): ExecuteResponse {
  const path = http.url.split("?", 1)[0] ?? "/";
  const id = ITEM_PATH.exec(path)?.[1];
  if (http.method === "GET" && path === "/status") return status();
  if (http.method === "GET" && path === "/items") return json(200, { items: listItems() });
  if (http.method === "POST" && path === "/items") return add(http.body);
  if (http.method === "GET" && id !== undefined) return found(readItem(id));
  if (http.method === "DELETE" && id !== undefined) return close(id);
  return json(404, { error: "There is nothing at this path." });
}

function status(): ExecuteResponse {
  const items = listItems();
  const { tenantId, extensionId, versionId } = getContext();
  return json(200, {
    ok: true,
    open: items.length,
    urgent: items.filter((item) => item.urgent).length,
    tenant: tenantId,
    extension: extensionId,
    version: versionId ?? null,
    user: userName(),
  });
}

function add(body: Uint8Array | undefined): ExecuteResponse {
  const input = parsed(body);
  const text = typeof input?.text === "string" ? input.text.trim() : "";
  const result = addItem({ text, urgent: input?.urgent === true, author: userName(), at: new Date().toISOString() });
  if ("problem" in result) {
    logWarn(`note refused: ${result.problem}`);
    return json(422, { error: result.problem });
  }
  logInfo(`note ${result.item.id} added`);
  return json(201, result.item);
}

function close(id: string): ExecuteResponse {
  const item = closeItem(id);
  if (item !== undefined) logInfo(`note ${id} closed`);
  return found(item);
}

const found = (item: unknown): ExecuteResponse =>
  item === undefined ? json(404, { error: "There is no such note." }) : json(200, item);

/** Nobody is signed in when a schedule makes the call. */
function userName(): string | null {
  try {
    return getUser().userName;
  } catch {
    return null;
  }
}

function parsed(body: Uint8Array | undefined): { text?: unknown; urgent?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array()));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, value: unknown): ExecuteResponse {
  return {
    status,
    headers: [{ name: "content-type", value: "application/json" }],
    body: new TextEncoder().encode(JSON.stringify(value)),
  };
}
