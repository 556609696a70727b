import { z } from "zod";
import { type ExtensionMetric, HISTOGRAM_BOUNDS } from "../contract/extension-metric.ts";
import type { MetricSample } from "../contract/host-calls/metrics.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../store/index.ts";
import { labelSet, sampleFault } from "./sample-rules.ts";

/** Of one install. */
const MAX_METRICS = 200;
/** Of one metric: each set is a time series wherever metrics go. */
const MAX_LABEL_SETS = 100;

interface MetricRow {
  install_id: string;
  extension_name: string;
  name: string;
  labels: string;
  kind: MetricSample["kind"];
  value: number;
  samples: number;
  minimum: number;
  maximum: number;
  buckets: string | null;
  updated_at: string;
}

/** Owns `extension_metric`: what extensions have recorded of themselves, summed up by install, metric and labels. */
export interface MetricBook {
  /** Answers why the sample was dropped, in words for the extension's log; `undefined` when it was kept. */
  record(installId: string, sample: MetricSample): string | undefined;
  /** Of a tenant, or of one of its installs, by extension, name and labels. */
  list(filter: { tenantId: string; installId?: string | undefined }): ExtensionMetric[];
}

const bucketsSchema = z.array(z.int());
const labelsSchema = z.record(z.string(), z.string());

export interface MetricBookOptions {
  database: Database;
  clock: Clock;
  /** Takes the secrets of the install out of a text. */
  redact(installId: string, text: string): string;
}

export function createMetricBook({ database, clock, redact }: MetricBookOptions): MetricBook {
  const sql = {
    get: database.prepare<[string, string, string], MetricRow>(
      "SELECT * FROM extension_metric WHERE install_id = ? AND name = ? AND labels = ?",
    ),
    kinds: database.prepare<[string, string], { kind: MetricSample["kind"]; sets: number }>(
      "SELECT kind, count(*) AS sets FROM extension_metric WHERE install_id = ? AND name = ? GROUP BY kind",
    ),
    metrics: database
      .prepare<[string], number>("SELECT count(DISTINCT name) FROM extension_metric WHERE install_id = ?")
      .pluck(),
    put: database.prepare(
      `INSERT INTO extension_metric
         (install_id, name, labels, kind, value, samples, minimum, maximum, buckets, updated_at)
       VALUES (@install_id, @name, @labels, @kind, @value, @samples, @minimum, @maximum, @buckets, @updated_at)
       ON CONFLICT DO UPDATE SET value = excluded.value, samples = excluded.samples, minimum = excluded.minimum,
         maximum = excluded.maximum, buckets = excluded.buckets, updated_at = excluded.updated_at`,
    ),
    list: database.prepare<{ tenant: string; install: string | null }, MetricRow>(
      `SELECT extension_metric.*, extension_registry.name AS extension_name FROM extension_metric
       JOIN tenant_extension_install ON tenant_extension_install.id = extension_metric.install_id
       JOIN extension_registry ON extension_registry.id = tenant_extension_install.registry_id
       WHERE tenant_extension_install.tenant_id = @tenant AND (@install IS NULL OR install_id = @install)
       ORDER BY extension_name, extension_metric.name, labels`,
    ),
  };

  /** Why a set of labels that is not there yet may not be added. */
  function newcomerFault(installId: string, { name, kind }: MetricSample): string | undefined {
    const [known] = sql.kinds.all(installId, name);
    if (known === undefined)
      return (sql.metrics.get(installId) ?? 0) < MAX_METRICS
        ? undefined
        : `an install has at most ${MAX_METRICS} metrics, and ${name} would be one more`;
    if (known.kind !== kind) return `${name} is a ${known.kind} and not a ${kind}`;
    return known.sets < MAX_LABEL_SETS
      ? undefined
      : `${name} has ${MAX_LABEL_SETS} sets of labels, which is the most`;
  }

  const record = database.transaction((installId: string, sample: MetricSample): string | undefined => {
    const labels = labelSet(sample.labels);
    const row = sql.get.get(installId, sample.name, labels);
    const fault = row?.kind === sample.kind ? undefined : newcomerFault(installId, sample);
    if (fault !== undefined) return fault;
    sql.put.run({
      install_id: installId,
      name: sample.name,
      labels,
      kind: sample.kind,
      value: sample.kind === "gauge" ? sample.value : (row?.value ?? 0) + sample.value,
      samples: (row?.samples ?? 0) + 1,
      minimum: Math.min(row?.minimum ?? sample.value, sample.value),
      maximum: Math.max(row?.maximum ?? sample.value, sample.value),
      buckets: sample.kind === "histogram" ? JSON.stringify(filled(row?.buckets, sample.value)) : null,
      updated_at: clock.now().toISOString(),
    });
    return undefined;
  });

  return {
    record: (installId, sample) => {
      const clean = withoutSecrets(sample, (text) => redact(installId, text));
      const fault = sampleFault(sample) ?? sampleFault(clean) ?? record.immediate(installId, clean);
      return fault === undefined ? undefined : `metrics: dropped a sample: ${fault}`;
    },
    list: ({ tenantId, installId }) =>
      sql.list.all({ tenant: tenantId, install: installId ?? null }).map(toMetric),
  };
}

/** A name that held a secret is none afterwards, so that such a sample is dropped. */
function withoutSecrets(
  { name, labels, ...sample }: MetricSample,
  clean: (text: string) => string,
): MetricSample {
  return {
    ...sample,
    name: clean(name),
    labels: labels.map(([label, value]) => [clean(label), clean(value)]),
  };
}

function filled(stored: string | null | undefined, value: number): number[] {
  const buckets =
    stored === null || stored === undefined
      ? new Array<number>(HISTOGRAM_BOUNDS.length + 1).fill(0)
      : bucketsSchema.parse(JSON.parse(stored));
  const place = HISTOGRAM_BOUNDS.findIndex((bound) => value <= bound);
  const index = place === -1 ? HISTOGRAM_BOUNDS.length : place;
  return buckets.map((count, at) => (at === index ? count + 1 : count));
}

function toMetric({ labels, buckets, value, ...row }: MetricRow): ExtensionMetric {
  return {
    ...row,
    value: row.kind === "histogram" ? value / row.samples : value,
    labels: labelsSchema.parse(JSON.parse(labels)),
    ...(buckets === null ? {} : { buckets: bucketsSchema.parse(JSON.parse(buckets)) }),
  };
}
