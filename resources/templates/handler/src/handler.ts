import { type ExecuteRequest, type Handler, type HostBindings, jsonResponse } from "@alga-psa/extension-runtime";

const NOTES = "notes";
const SECRET = "api_key";
const MAX_NOTE_CHARACTERS = 1_000;

/** Every request to this extension arrives here; the manifest says which ones the gateway lets through. */
export const handler: Handler = async (request, host) => {
  const path = request.http.url.split("?", 1)[0];
  try {
    switch (`${request.http.method} ${path}`) {
      case "GET /hello":
        return hello(request, host);
      case "GET /notes":
        return jsonResponse({ notes: await notes(host) });
      case "POST /notes":
        return await addNote(request, host);
      case "GET /secret":
        return jsonResponse({ configured: await hasSecret(host) });
      default:
        return jsonResponse({ error: "not found" }, { status: 404 });
    }
  } catch (error) {
    await host.logging.error(`${request.http.method} ${path} failed: ${error}`);
    // Host functions throw when the install lacks a capability, for example.
    return jsonResponse({ error: String(error) }, { status: 500 });
  }
};

async function hello(request: ExecuteRequest, host: HostBindings) {
  const context = await host.context.get();
  await host.logging.info(`hello from ${context.extensionId}`);
  return jsonResponse({
    message: "Hello from __TITLE__",
    tenant: context.tenantId,
    request: context.requestId,
    url: request.http.url,
  });
}

async function addNote(request: ExecuteRequest, host: HostBindings) {
  const text = new TextDecoder().decode(request.http.body ?? new Uint8Array()).trim();
  if (text === "" || text.length > MAX_NOTE_CHARACTERS) {
    return jsonResponse({ error: `send 1 to ${MAX_NOTE_CHARACTERS} characters of text` }, { status: 400 });
  }
  const key = String((await host.storage.list(NOTES)).length + 1).padStart(6, "0");
  await host.storage.put({ namespace: NOTES, key, value: new TextEncoder().encode(text) });
  await host.logging.info(`stored note ${key}`);
  return jsonResponse({ key, text }, { status: 201 });
}

async function notes(host: HostBindings) {
  const entries = await host.storage.list(NOTES);
  return entries.map(({ key, value }) => ({ key, text: new TextDecoder().decode(value) }));
}

/** Says whether the secret is there; a secret itself has no place in a response or in a log line. */
async function hasSecret(host: HostBindings): Promise<boolean> {
  try {
    return (await host.secrets.get(SECRET)).length > 0;
  } catch {
    return false;
  }
}
