import { type Handler, type HostBindings, jsonResponse } from "@alga-psa/extension-runtime";

const NAMESPACE = "visits";
const KEY = "count";

/** The UI calls these two endpoints through the bridge; anyone with the tenant's key may call them directly. */
export const handler: Handler = async (request, host) => {
  const path = request.http.url.split("?", 1)[0];
  if (path !== "/visits") return jsonResponse({ error: "not found" }, { status: 404 });
  const before = await visits(host);
  if (request.http.method === "GET") return jsonResponse({ visits: before });
  const now = before + 1;
  await host.storage.put({ namespace: NAMESPACE, key: KEY, value: new TextEncoder().encode(String(now)) });
  await host.logging.info(`visit ${now}`);
  return jsonResponse({ visits: now, visitor: await visitor(host) });
};

async function visits(host: HostBindings): Promise<number> {
  const stored = await host.storage.get(NAMESPACE, KEY);
  return stored ? Number(new TextDecoder().decode(stored)) : 0;
}

async function visitor(host: HostBindings): Promise<string | null> {
  try {
    return (await host.user.getUser()).userName;
  } catch {
    // Nobody is signed in when a schedule makes the call.
    return null;
  }
}
