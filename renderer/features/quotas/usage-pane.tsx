import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { USAGE_RANGES, type UsageRange } from "../../../core/contract/rpc/quotas.ts";
import { type DrawnLimits, usageCharts } from "../../state/quotas/charts.ts";
import { quotaShowCommand } from "../../state/quotas/limit-draft.ts";
import { isTargeted, type QuotaTarget, usageFilter } from "../../state/quotas/target.ts";
import { createUsageSeries } from "../../state/quotas/usage-series.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatClock, formatCount } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Segments } from "../../ui/segments.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { CallExample } from "../extensions/call-example.tsx";
import { useChartColours } from "./chart-colours.ts";
import { UsageChartView } from "./usage-chart.tsx";
import { UsageTable } from "./usage-table.tsx";

const VIEWS = ["Charts", "Table"] as const;

export interface UsagePaneProps {
  readonly context: WindowContext;
  readonly target: QuotaTarget;
  readonly limits: DrawnLimits;
  /** New calls were seen. */
  onCalls(): void;
}

/** What one target uses, as it happens. Mount it anew for another target. */
export function UsagePane({ context, target, limits, onCalls }: UsagePaneProps) {
  const { client, timers, view, theme, commands } = context;
  const [range, setRange] = useState<UsageRange>("5 min");
  const [shape, setShape] = useState<(typeof VIEWS)[number]>("Charts");
  const [toLimit, setToLimit] = useState(true);
  const colours = useChartColours(useStore(theme));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the pane is mounted anew for another target
  const series = useMemo(
    () =>
      createUsageSeries({
        follow: (handlers) => client.subscribe("quotas.usage", { ...usageFilter(target), range }, handlers),
        timers,
        isCalm: () =>
          view.get().motion === "reduced" || matchMedia("(prefers-reduced-motion: reduce)").matches,
      }),
    [client, timers, view, range],
  );
  useEffect(() => series.start(), [series]);
  const { points, paused, waiting, since, rangeSeconds, stepSeconds, connection } = useStore(series);
  const charts = useMemo(() => usageCharts(points, limits), [points, limits]);
  const until = (points.at(-1)?.at ?? 0) + stepSeconds;
  const shown: readonly [number, number] = [until - rangeSeconds, until];
  const calls = points.reduce((sum, point) => sum + point.calls + point.refused, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only calls that were not there before matter
  useEffect(() => onCalls(), [calls]);
  useEffect(
    () =>
      commands.register([
        {
          id: "quotas.pause",
          title: "Pause or resume the usage charts",
          group: "Quotas",
          run: () => (series.get().paused ? series.resume() : series.pause()),
        },
      ]),
    [commands, series],
  );

  return (
    <Pane
      title={`Usage of ${target.name}`}
      area="usage"
      facts={
        <Segments
          legend="Time range"
          options={USAGE_RANGES}
          value={range}
          onChange={(chosen) => setRange(chosen)}
        />
      }
      actions={
        <>
          <label className="usage-to-limit">
            <input type="checkbox" checked={toLimit} onChange={(event) => setToLimit(event.target.checked)} />
            scale up to the limit
          </label>
          <Segments legend="View" options={VIEWS} value={shape} onChange={(chosen) => setShape(chosen)} />
          <Button onClick={() => (paused ? series.resume() : series.pause())} aria-pressed={paused}>
            {paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
            {paused ? `Resume${waiting > 0 ? `, ${formatCount(waiting)} new` : ""}` : "Pause"}
          </Button>
        </>
      }
    >
      <ScrollRegion className="pane-body" aria-label="Charts and figures">
        {since === undefined && connection !== "open" && <Notice title="Connecting to the host…" />}
        {since !== undefined && (
          <p className="usage-note dim">
            {connection === "lost" && "! The host does not answer; nothing new arrives. "}
            {range === "24 h"
              ? "Minute by minute, calls of every process that uses this data folder."
              : `In steps of ${stepSeconds} s, calls through this host since ${formatClock(since * 1_000)}.`}
          </p>
        )}
        {since !== undefined && calls === 0 && <NoCalls context={context} target={target} />}
        {calls > 0 && shape === "Charts" && (
          <div className="usage-charts">
            {charts.map((chart) => (
              <UsageChartView
                key={chart.id}
                chart={chart}
                colours={colours}
                window={shown}
                toLimit={toLimit}
              />
            ))}
          </div>
        )}
        {calls > 0 && shape === "Table" && <UsageTable charts={charts} />}
      </ScrollRegion>
      <footer className="usage-foot">
        <Command text={quotaShowCommand(target)} what="the command that shows limits and usage" />
      </footer>
    </Pane>
  );
}

function NoCalls({ context, target }: { readonly context: WindowContext; readonly target: QuotaTarget }) {
  return (
    <Notice title="No calls in this time.">
      <p>
        A request from the Requests screen is drawn here as it runs; one from a terminal counts under 24 h.
      </p>
      <CallExample context={context} isMeant={(install) => isTargeted(target, install)} />
    </Notice>
  );
}
