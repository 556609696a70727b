import { Fragment } from "react";
import type { LimitUse } from "../../../core/contract/execution-recording.ts";
import { formatBytes, formatCount, formatDuration } from "../../ui/format.ts";
import { Tag } from "../../ui/tag.tsx";

const LIMITS: Record<LimitUse["limit"], readonly [string, (value: number) => string]> = {
  timeout_ms: ["time", formatDuration],
  memory_bytes: ["memory, peak", formatBytes],
  fuel: ["fuel", (value) => `${formatCount(value)} units`],
};

/** How near an execution came to its limits, and which of them ended it by how much. */
export function LimitUses({ limits }: { readonly limits: readonly LimitUse[] }) {
  if (limits.length === 0) return null;
  return (
    <section aria-label="Limits">
      <h3>Limits</h3>
      <div className="limit-uses">
        {limits.map(({ limit, allowed, used, hit, over }) => {
          const [name, format] = LIMITS[limit];
          return (
            <Fragment key={limit}>
              <span>{name}</span>
              <meter aria-label={`${name} against its limit`} max={allowed} value={Math.min(used, allowed)} />
              <span>
                {format(used)} of {format(allowed)}{" "}
                {hit && <Tag tone="bad">✕ ended by it{over !== undefined && `, ${format(over)} over`}</Tag>}
              </span>
            </Fragment>
          );
        })}
      </div>
    </section>
  );
}
