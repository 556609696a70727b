import type { MetricSample } from "../contract/host-calls/metrics.ts";

/** Names as Prometheus has them, so that any collector takes them. */
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;
const MAX_LABELS = 16;
const MAX_LABEL_VALUE_CHARACTERS = 256;

/** Why a sample cannot be kept whatever else is kept, in words without its payload; `undefined` when it can. */
export function sampleFault({ name, kind, value, labels }: MetricSample): string | undefined {
  if (!METRIC_NAME.test(name))
    return "a metric's name has up to 200 letters, digits, _ and :, and does not begin with a digit";
  if (!Number.isFinite(value)) return `the value of ${name} is not a finite number`;
  if (kind === "counter" && value < 0) return `the counter ${name} was given a negative value`;
  if (labels.length > MAX_LABELS) return `${name} has more than ${MAX_LABELS} labels`;
  const names = labels.map(([label]) => label);
  if (!names.every((label) => LABEL_NAME.test(label)))
    return `a label of ${name} is not named by up to 64 letters, digits and _`;
  if (new Set(names).size < names.length) return `${name} has a label twice`;
  if (labels.some(([, text]) => text.length > MAX_LABEL_VALUE_CHARACTERS))
    return `a label of ${name} is longer than ${MAX_LABEL_VALUE_CHARACTERS} characters`;
  return undefined;
}

/** One text for a set of labels, whatever their order. */
export function labelSet(labels: MetricSample["labels"]): string {
  return JSON.stringify(Object.fromEntries(labels.toSorted(([one], [other]) => (one < other ? -1 : 1))));
}
