import { z } from "zod";
import type { PolicyViolation } from "../contract/rpc/preview.ts";

/** A page in a loop of violations must not fill the host's memory. */
const MAX_KEPT = 500;
const MAX_TEXT = 500;

const text = z
  .string()
  .transform((value) => value.slice(0, MAX_TEXT))
  .optional()
  .catch(undefined);
const figure = z.number().int().nonnegative().optional().catch(undefined);

/** A report as browsers send it for `report-uri`. It is the frame's word, not the browser's: anything can be in it. */
const reportSchema = z.object({
  "csp-report": z.object({
    "effective-directive": text,
    "violated-directive": text,
    "blocked-uri": text,
    "source-file": text,
    "line-number": figure,
    "column-number": figure,
    disposition: text,
  }),
});

export interface Violations {
  /** Reads a report; what is no report is dropped. */
  add(token: string, report: unknown, at: Date): void;
  remove(token: string): void;
  /** From after the id given, or from the first that is kept. Ends when the signal aborts. */
  follow(
    token: string,
    after: number | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly PolicyViolation[]>;
}

export function createViolations(): Violations {
  let kept: readonly { readonly token: string; readonly violation: PolicyViolation }[] = [];
  let count = 0;
  let changed = Promise.withResolvers<void>();

  return {
    add(token, report, at) {
      const parsed = reportSchema.safeParse(report);
      if (!parsed.success) return;
      const given = parsed.data["csp-report"];
      count += 1;
      const source = given["source-file"];
      const line = given["line-number"];
      const column = given["column-number"];
      const violation: PolicyViolation = {
        id: count,
        at: at.toISOString(),
        directive: given["effective-directive"] ?? given["violated-directive"] ?? "unknown",
        blocked: given["blocked-uri"] ?? "unknown",
        disposition: given.disposition ?? "enforce",
        ...(source === undefined ? {} : { source }),
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
      };
      kept = [...kept.slice(-MAX_KEPT + 1), { token, violation }];
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    remove(token) {
      kept = kept.filter((entry) => entry.token !== token);
    },
    async *follow(token, after, signal) {
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      let seen = after ?? 0;
      while (!signal.aborted) {
        const next = changed.promise;
        const page = kept
          .filter((entry) => entry.token === token && entry.violation.id > seen)
          .map((entry) => entry.violation);
        seen = page.at(-1)?.id ?? seen;
        if (page.length > 0) yield page;
        else await Promise.race([next, aborted]);
      }
    },
  };
}
