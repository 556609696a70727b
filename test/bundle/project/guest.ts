import { readFileSync } from "node:fs";
import {
  createFuelClock,
  createMeter,
  instantiateComponent,
  loadGlue,
  prepareComponent,
} from "../../../core/runner/component/index.ts";
import { createWasi } from "../../../core/runner/guest/wasi/index.ts";

/** A built component, run by the product's own preparation and WASI, with host functions that remember. */
export interface Guest {
  readonly imports: readonly string[];
  /** Every call gets a fresh instance; storage and log lines outlive it. */
  call(method: string, url: string, body?: string): Promise<GuestAnswer>;
  readonly log: string[];
}

export interface GuestAnswer {
  status: number;
  headers: unknown;
  text: string;
  fuel: number;
}

const LIMITS = { maxMemoryPages: 4_096, maxTableElements: 100_000 };
const FUEL = 10_000_000_000;

export async function startGuest(wasm: string): Promise<Guest> {
  const prepared = await prepareComponent(new Uint8Array(readFileSync(wasm)), LIMITS);
  const glue = await loadGlue(prepared.source);
  const modules = await Promise.all(
    prepared.modules.map(async ({ bytes, ...rest }) => ({
      ...rest,
      module: await WebAssembly.compile(Uint8Array.from(bytes)),
    })),
  );
  const log: string[] = [];
  const storage = createStorage();
  return {
    imports: prepared.imports,
    log,
    async call(method, url, body) {
      const meter = createMeter({ fuel: FUEL, ...LIMITS });
      const wasi = createWasi({
        write: (stream, bytes) => log.push(`${stream} ${decode(bytes)}`),
        clock: { ...createFuelClock(meter), wall: () => Date.now() },
      });
      const imports = { ...wasi, ...hostFunctions(log, storage) };
      const instance = instantiateComponent({ glue, modules, imports, fuel: FUEL, ...LIMITS }, meter);
      const response: unknown = await instance.handler({
        context: { tenantId: "tenant-1", extensionId: "extension-1", requestId: "request-1" },
        http: {
          method,
          url,
          headers: [],
          body: body === undefined ? undefined : new TextEncoder().encode(body),
        },
      });
      const {
        status,
        headers,
        body: bytes,
      } = response as { status: number; headers: unknown; body?: Uint8Array };
      return { status, headers, text: decode(bytes ?? new Uint8Array()), fuel: instance.usage().fuelUsed };
    },
  };
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

interface Entry {
  namespace: string;
  key: string;
  value: Uint8Array;
  revision?: bigint | undefined;
}

/** Pages of two, so that whoever lists has to ask again. */
function createStorage() {
  const entries = new Map<string, Entry>();
  const at = (namespace: string, key: string) => JSON.stringify([namespace, key]);
  return {
    get(namespace: string, key: string): Entry {
      const entry = entries.get(at(namespace, key));
      if (entry === undefined) throw "missing";
      return entry;
    },
    put(entry: Entry): Entry {
      const before = entries.get(at(entry.namespace, entry.key))?.revision ?? 0n;
      if (entry.revision !== undefined && entry.revision !== before) throw "conflict";
      const stored = { ...entry, revision: before + 1n };
      entries.set(at(entry.namespace, entry.key), stored);
      return stored;
    },
    delete(namespace: string, key: string): void {
      if (!entries.delete(at(namespace, key))) throw "missing";
    },
    listEntries(namespace: string, cursor: string | undefined): Entry[] {
      return [...entries.values()]
        .filter((entry) => entry.namespace === namespace && (cursor === undefined || entry.key > cursor))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, 2);
    },
  };
}

function hostFunctions(log: string[], storage: ReturnType<typeof createStorage>) {
  const denied = () => {
    throw "denied";
  };
  return {
    "alga:extension/storage": storage,
    "alga:extension/logging": {
      logInfo: (message: string) => log.push(`info ${message}`),
      logWarn: (message: string) => log.push(`warn ${message}`),
      logError: (message: string) => log.push(`error ${message}`),
    },
    "alga:extension/context": {
      getContext: () => ({ tenantId: "tenant-1", extensionId: "extension-1", requestId: "request-1" }),
    },
    "alga:extension/user": {
      getUser: () => ({
        tenantId: "tenant-1",
        clientName: "Client",
        userId: "user-1",
        userEmail: "user@example.com",
        userName: "Ursula User",
        userType: "internal",
      }),
    },
    "alga:extension/secrets": {
      get: (key: string) => (key === "api_key" ? "s3cret" : denied()),
      listKeys: () => ["api_key"],
    },
    "alga:extension/http": {
      fetch: ({ url }: { url: string }) =>
        url.startsWith("https://allowed.example/")
          ? { status: 203, headers: [{ name: "x-from", value: url }], body: new Uint8Array([104, 105]) }
          : refuse("not-allowed"),
    },
    "alga:extension/ui-proxy": {
      callRoute: (route: string, payload: Uint8Array | undefined) =>
        new TextEncoder().encode(
          JSON.stringify({ route, sent: payload === undefined ? null : decode(payload) }),
        ),
    },
    "alga:extension/scheduler": {
      listSchedules: () => [schedule],
      getSchedule: (id: string) => (id === schedule.id ? schedule : undefined),
      createSchedule: (input: { payload?: string }) => ({
        success: false,
        error: "refused",
        fieldErrors: JSON.stringify({ payload: input.payload }),
      }),
      updateSchedule: (_id: string, input: { name?: string; payload?: string }) => ({
        success: true,
        error: `${JSON.stringify(input.name)} ${input.payload}`,
      }),
      deleteSchedule: () => ({ success: true }),
      getEndpoints: () => [{ id: "1", method: "GET", path: "/x", handler: "x", schedulable: true }],
    },
  };
}

const schedule = {
  id: "schedule-1",
  endpointPath: "/x",
  endpointMethod: "GET",
  cron: "0 * * * *",
  timezone: "UTC",
  enabled: true,
  payload: '{"deep":[1]}',
};

function refuse(code: string): never {
  throw code;
}
