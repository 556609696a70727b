import { EgressError } from "./errors.ts";

/** What one execution may still move over the network. */
export interface EgressBudget {
  /** Bytes, both directions; infinite when nothing limits them. */
  left(): number;
  spend(bytes: number): void;
  /** Says that more was wanted than is left; the execution is over. @returns what the fetch fails with */
  exceed(): EgressError;
  /** Aborts when more was wanted. */
  readonly exceeded: AbortSignal;
}

/** @param bytes `undefined`: not limited */
export function createEgressBudget(bytes = Number.POSITIVE_INFINITY): EgressBudget {
  const over = new AbortController();
  let spent = 0;
  return {
    left: () => Math.max(0, bytes - spent),
    spend: (count) => {
      spent += count;
    },
    exceed() {
      over.abort();
      return new EgressError({
        code: "quota_exceeded",
        kind: "refused",
        rule: "quota",
        message: `the egress quota of ${bytes} bytes that was left is used up`,
      });
    },
    exceeded: over.signal,
  };
}
