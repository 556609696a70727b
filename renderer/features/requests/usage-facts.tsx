import type { Usage } from "../../../core/contract/execute.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount, formatDuration } from "../../ui/format.ts";

/** What the call cost. */
export function UsageFacts({ usage }: { readonly usage: Usage }) {
  return (
    <section aria-label="Usage">
      <h3>Usage</h3>
      <Facts layout="strip">
        <Fact name="duration">{formatDuration(usage.duration_ms)}</Fact>
        <Fact name="fuel">{formatCount(usage.fuel)} units</Fact>
        <Fact name="memory, peak">{formatBytes(usage.memory_bytes)}</Fact>
        <Fact name="egress">{formatBytes(usage.egress_bytes)}</Fact>
        <Fact name="host calls">{formatCount(usage.host_calls)}</Fact>
        <Fact name="log lines">{formatCount(usage.log_lines)}</Fact>
      </Facts>
    </section>
  );
}
