import type { WindowPeriod } from "../../contract/limit-catalogue.ts";
import type { QuotaFacts, ResolvedLimits } from "../../policy/index.ts";
import type { EgressReserve } from "../egress-reserve.ts";
import type { GatewayPorts } from "../ports.ts";

/** With what it takes to set something aside in a window. */
interface GatheredWindow extends Required<QuotaFacts["windows"][number]> {
  readonly id: string;
  readonly start: string;
}

/** What has been used and set aside of every window that limits a call. */
export function quotaFacts(
  usage: GatewayPorts["usage"],
  reserve: Pick<EgressReserve, "held">,
  limits: ResolvedLimits,
  now: Date,
): { readonly windows: readonly GatheredWindow[] } {
  const windows: GatheredWindow[] = [];
  for (const { scope, id, windows: limited } of limits.scopes) {
    // Several limits of one period look at one window.
    const read = new Map<WindowPeriod, ReturnType<typeof usage.window>>();
    for (const limit of limited) {
      const { metric, period } = limit;
      const window = read.get(period) ?? usage.window({ scope, id }, period, now);
      read.set(period, window);
      const { start, endsInMs } = window;
      const setAside = metric === "egress_bytes" ? reserve.held({ scope, id, period, start }) : 0;
      windows.push({ scope, id, start, limit, used: window.usage[metric], setAside, endsInMs });
    }
  }
  return { windows };
}
