import type { Header } from "../contract/execute.ts";
import type { schedulerCalls } from "../contract/host-calls/scheduler.ts";
import type { HOST_CALLS } from "../contract/host-calls.ts";
import { createMetricBook, createMetricsAnswers, type MetricBook } from "../extension-metrics/index.ts";
import {
  answeringRoute,
  createClientsAnswers,
  createInvoices,
  createInvoicingAnswers,
  createServicesAnswers,
  type FixtureSource,
  type Invoices,
  routeBody,
} from "../fixtures/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { HostAnswers, HostCallScope } from "../platform/host-answers.ts";
import type { Ids } from "../platform/ids.ts";
import { createStorageAnswers, createStorageRepository, createUiProxyAnswers } from "../runner/index.ts";
import type { Database } from "../store/index.ts";

export interface HostApiOptions {
  database: Database;
  clock: Clock;
  /** Made with the scheduler, which stands outside because it calls extensions itself. */
  schedules: HostAnswers<typeof schedulerCalls>;
  ids: Ids;
  fixtures: FixtureSource;
  /** Takes the secrets of an install out of a text. */
  redact(installId: string, text: string): string;
  /** The gateway. A call inside another is given up when that one ends. */
  callExtension(request: {
    extension: string;
    method: string;
    target: string;
    headers: readonly Header[];
    body: Uint8Array | undefined;
    caller: HostCallScope["caller"];
    signal: AbortSignal;
    depth: number;
  }): Promise<{ status: number; body: Uint8Array }>;
}

export interface HostApi {
  readonly answers: HostAnswers<typeof HOST_CALLS>;
  readonly invoices: Invoices;
  readonly metrics: MetricBook;
}

const JSON_PAYLOAD: Header = { name: "content-type", value: "application/json" };

/** What answers the extensions' host calls: one line an interface, over the features that own the data. */
export function createHostApi(options: HostApiOptions): HostApi {
  const { database, clock, ids, fixtures, redact, callExtension } = options;
  const invoices = createInvoices(database);
  const metrics = createMetricBook({ database, clock, redact });
  const nested = createNestedRequestIds();
  return {
    invoices,
    metrics,
    answers: {
      ...options.schedules,
      ...createStorageAnswers(createStorageRepository({ database, clock })),
      ...createClientsAnswers(fixtures),
      ...createServicesAnswers(fixtures),
      ...createInvoicingAnswers({ fixtures, invoices, clock, ids }),
      ...createMetricsAnswers(metrics),
      ...createUiProxyAnswers({
        platform(tenantId, { method, path }) {
          const answer = answeringRoute(fixtures.get(tenantId).routes, method, path);
          return answer && { status: answer.route.status, body: routeBody(answer.route) };
        },
        own: (scope, { method, path, query, payload }, depth) =>
          callExtension({
            extension: scope.install_id,
            method,
            target: `${path}${query}`,
            headers: [
              { name: "x-request-id", value: nested(scope) },
              ...(payload === undefined ? [] : [JSON_PAYLOAD]),
            ],
            body: payload,
            caller: scope.caller,
            signal: scope.signal,
            depth,
          }),
      }),
    },
  };
}

/** `id.1`, `id.2`, … for the calls inside the call `id`, so that a reader of the record sees what belongs to what. */
function createNestedRequestIds(): (scope: HostCallScope) => string {
  // By the execution's own signal, so that the count goes with the execution.
  const counts = new WeakMap<AbortSignal, number>();
  return ({ request_id, signal }) => {
    const count = (counts.get(signal) ?? 0) + 1;
    counts.set(signal, count);
    return `${request_id}.${count}`;
  };
}
