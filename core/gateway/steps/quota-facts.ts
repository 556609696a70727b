import type { WindowPeriod } from "../../contract/limit-catalogue.ts";
import type { QuotaFacts, ResolvedLimits } from "../../policy/index.ts";
import type { GatewayPorts } from "../ports.ts";

/** What has been used of every window that limits a call. */
export function quotaFacts(
  { clock, usage }: Pick<GatewayPorts, "clock" | "usage">,
  limits: ResolvedLimits,
): QuotaFacts {
  const now = clock.now();
  const windows: QuotaFacts["windows"][number][] = [];
  for (const { scope, id, windows: limited } of limits.scopes) {
    // Several limits of one period look at one window.
    const read = new Map<WindowPeriod, ReturnType<typeof usage.window>>();
    for (const limit of limited) {
      const window = read.get(limit.period) ?? usage.window({ scope, id }, limit.period, now);
      read.set(limit.period, window);
      windows.push({ scope, limit, used: window.usage[limit.metric], endsInMs: window.endsInMs });
    }
  }
  return { windows };
}
