const utf8 = {
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes) => new TextDecoder().decode(bytes),
};

export function jsonResponse(body, init) {
  return {
    status: init?.status ?? 200,
    headers: init?.headers ?? [{ name: "content-type", value: "application/json" }],
    body: body instanceof Uint8Array ? body : utf8.encode(JSON.stringify(body)),
  };
}

export function emptyResponse(status = 204) {
  return { status, headers: [], body: null };
}

export async function callProxyJson(uiProxy, route, payload) {
  const send = uiProxy.callRoute ?? uiProxy.call;
  if (typeof send !== "function") throw new Error("uiProxy offers neither callRoute nor call");
  const answer = await send.call(
    uiProxy,
    route,
    payload === undefined ? undefined : utf8.encode(JSON.stringify(payload)),
  );
  return answer.length === 0 ? undefined : JSON.parse(utf8.decode(answer));
}

// biome-ignore-start lint/suspicious/noConsole: a mock's log belongs on the test's own output.
const printing = {
  info: async (message) => console.info(message),
  warn: async (message) => console.warn(message),
  error: async (message) => console.error(message),
};
// biome-ignore-end lint/suspicious/noConsole: see above.

const unmocked = (name) => async () => {
  throw new Error(`${name} is not mocked`);
};
const answering = (value) => async () => value;

export function createMockHostBindings(overrides = {}) {
  const defaults = {
    context: {
      get: answering({ tenantId: "tenant-mock", extensionId: "extension-mock", requestId: "request-mock" }),
    },
    secrets: { get: unmocked("secrets.get"), list: answering([]) },
    http: { fetch: unmocked("http.fetch") },
    storage: {
      get: answering(null),
      put: answering(undefined),
      delete: answering(undefined),
      list: answering([]),
    },
    logging: printing,
    uiProxy: { callRoute: unmocked("uiProxy.callRoute") },
    scheduler: {
      list: answering([]),
      get: answering(null),
      create: unmocked("scheduler.create"),
      update: unmocked("scheduler.update"),
      delete: unmocked("scheduler.delete"),
      getEndpoints: answering([]),
    },
    user: {
      getUser: answering({
        tenantId: "tenant-mock",
        clientName: "Mock client",
        userId: "user-mock",
        userEmail: "mock@example.com",
        userName: "Mock user",
        userType: "client",
      }),
    },
  };
  return Object.fromEntries(
    Object.entries(defaults).map(([name, functions]) => [name, { ...functions, ...overrides[name] }]),
  );
}
