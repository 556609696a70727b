/**
 * What a handler of the form `handler(request, host)` receives as `host`: the shape of `HostBindings` in
 * `@alga-psa/extension-runtime` 0.3, served by the world's `alga:extension/<interface>` imports.
 * It is bundled into the component by the build and runs inside the guest.
 */
import { getContext } from "alga:extension/context";
import { fetch as fetchUrl } from "alga:extension/http";
import { logError, logInfo, logWarn } from "alga:extension/logging";
import * as schedules from "alga:extension/scheduler";
import { get as getSecret, listKeys } from "alga:extension/secrets";
import { delete as deleteEntry, get as getEntry, listEntries, put as putEntry } from "alga:extension/storage";
import type { StorageEntry } from "alga:extension/types";
import { callRoute } from "alga:extension/ui-proxy";
import { getUser } from "alga:extension/user";
import type { HostBindings, ScheduleInfo } from "../runtime/index.js";

/** Both engines throw an error of their own that carries the WIT error case as `payload`. */
function caseOf(thrown: unknown): string | undefined {
  if (typeof thrown === "string") return thrown;
  const payload = (thrown as { payload?: unknown } | null | undefined)?.payload;
  return typeof payload === "string" ? payload : undefined;
}

/** Makes a host call that says who refused and why; `payload` stays for code that reads it. */
function call<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    const code = caseOf(thrown);
    if (code === undefined) throw thrown;
    throw Object.assign(new Error(`${name}: ${code}`), { name: "HostError", code, payload: code });
  }
}

const numberOf = (revision: bigint | null | undefined) => (revision == null ? null : Number(revision));
const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

function parsed(text: string | null | undefined): unknown {
  if (text == null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const fieldErrors = (text: string | null | undefined) => {
  const value = parsed(text);
  return typeof value === "object" && value !== null ? { fieldErrors: value as Record<string, string> } : {};
};

const schedule = (info: schedules.ScheduleInfo): ScheduleInfo => ({ ...info, payload: parsed(info.payload) });

/** A page at a time until one is empty; a host that ignores the cursor is noticed by the order of the keys. */
function allEntries(namespace: string): StorageEntry[] {
  const entries: StorageEntry[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = call("storage.list", () => listEntries(namespace, cursor));
    const last = page.at(-1);
    if (last === undefined || last.key === cursor || page[0]?.key === entries[0]?.key) return entries;
    entries.push(...page);
    cursor = last.key;
  }
}

const route = async (path: string, payload?: Uint8Array | null) =>
  call("uiProxy.callRoute", () => callRoute(path, payload ?? undefined));

export const host: HostBindings = {
  context: { get: async () => call("context.get", getContext) },
  secrets: {
    get: async (key) => call("secrets.get", () => getSecret(key)),
    list: async () => call("secrets.list", listKeys),
  },
  http: {
    fetch: async (request) =>
      call("http.fetch", () =>
        fetchUrl({
          method: request.method,
          url: request.url,
          headers: request.headers ?? [],
          body: request.body ?? undefined,
        }),
      ),
  },
  storage: {
    async get(namespace, key) {
      try {
        return getEntry(namespace, key).value;
      } catch (thrown) {
        if (caseOf(thrown) === "missing") return null;
        return call("storage.get", () => {
          throw thrown;
        });
      }
    },
    async put(entry) {
      const revision = entry.revision == null ? undefined : BigInt(entry.revision);
      call("storage.put", () =>
        putEntry({ namespace: entry.namespace, key: entry.key, value: entry.value, revision }),
      );
    },
    async delete(namespace, key) {
      call("storage.delete", () => deleteEntry(namespace, key));
    },
    list: async (namespace) =>
      allEntries(namespace).map(({ key, value, revision }) => ({ key, value, revision: numberOf(revision) })),
  },
  logging: {
    info: async (message) => logInfo(String(message)),
    warn: async (message) => logWarn(String(message)),
    error: async (message) => logError(String(message)),
  },
  uiProxy: { callRoute: route, call: route },
  scheduler: {
    list: async () => call("scheduler.list", schedules.listSchedules).map(schedule),
    async get(scheduleId) {
      const info = call("scheduler.get", () => schedules.getSchedule(scheduleId));
      return info == null ? null : schedule(info);
    },
    async create(input) {
      const { fieldErrors: errors, ...result } = call("scheduler.create", () =>
        schedules.createSchedule({
          endpoint: input.endpoint,
          cron: input.cron,
          timezone: input.timezone,
          enabled: input.enabled,
          name: input.name,
          payload: json(input.payload),
        }),
      );
      return { ...result, ...fieldErrors(errors) };
    },
    async update(scheduleId, input) {
      const { fieldErrors: errors, ...result } = call("scheduler.update", () =>
        schedules.updateSchedule(scheduleId, {
          endpoint: input.endpoint,
          cron: input.cron,
          timezone: input.timezone,
          enabled: input.enabled,
          name: input.name === null ? "" : input.name,
          payload: json(input.payload),
        }),
      );
      return { ...result, ...fieldErrors(errors) };
    },
    delete: async (scheduleId) => call("scheduler.delete", () => schedules.deleteSchedule(scheduleId)),
    getEndpoints: async () => call("scheduler.getEndpoints", schedules.getEndpoints),
  },
  user: { getUser: async () => call("user.getUser", getUser) },
};
