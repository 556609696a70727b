import { useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { chartFigure, type UsageChart, unitName } from "../../state/quotas/charts.ts";
import { formatMinute } from "../../ui/format.ts";
import type { ChartColours } from "./chart-colours.ts";

const HEIGHT = 150;
const FONT = "11px Inter Variable, system-ui, sans-serif";
/** Room above the highest value, so that no line runs along the edge. */
const HEADROOM = 1.12;
const AXIS_WIDTH = 62;
const TIME_AXIS_HEIGHT = 26;
/** Steps of an axis in calls, which come whole. */
const WHOLE = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((by) => by * 10 ** power)).flat();
/** Steps of an axis in bytes, whose units are powers of two. */
const POWERS_OF_TWO = Array.from({ length: 41 }, (_, power) => 2 ** power);

export interface UsageChartViewProps {
  readonly chart: UsageChart;
  readonly colours: ChartColours;
  /** From and to, Unix seconds. */
  readonly window: readonly [number, number];
  /** The scale reaches up to the limit, however far that is. */
  readonly toLimit: boolean;
}

/** One chart that moves with its data. Its figures are in the table too; here they are drawn. */
export function UsageChartView({ chart, colours, window, toLimit }: UsageChartViewProps) {
  const { title, unit, limit, lines, times } = chart;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  /** What the drawing looks at; it is drawn again when the data is set. */
  const shown = useRef({ chart, window, toLimit });
  shown.current = { chart, window, toLimit };
  const [hovered, setHovered] = useState<number>();
  const shape = `${unit} ${lines.map(({ label }) => label).join()}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only for other lines, units and colours
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = new UPlot(
      optionsOf(shown, colours, element.clientWidth, setHovered),
      dataOf(chart),
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, colours]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the window and the limit are drawn too
  useEffect(() => plot.current?.setData(dataOf(chart)), [chart, window[0], window[1], toLimit]);

  const at = hovered !== undefined && hovered < times.length ? hovered : undefined;
  const words = lines.map(({ label, values }) => {
    // Under the pointer what is there, else the newest figure there is.
    const value = at === undefined ? values.findLast((given) => given !== null) : values[at];
    return `${label} ${value === null || value === undefined ? "–" : chartFigure(unit, value)}`;
  });
  return (
    <figure className="usage-chart">
      <figcaption>
        <strong>{title}</strong>
        <span className="usage-chart-now">
          {words.map((text, index) => (
            <span key={lines[index]?.label} className={`usage-line usage-line-${index}`}>
              {text}
            </span>
          ))}
        </span>
      </figcaption>
      <div
        ref={box}
        className="usage-plot"
        role="img"
        aria-label={`${title}, ${unitName(unit)}: ${words.join(", ")}${limit ? `, ${limit.label}` : ", no limit"}`}
      />
    </figure>
  );
}

function dataOf({ times, lines }: UsageChart): UPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

type Shown = { readonly current: Pick<UsageChartViewProps, "chart" | "window" | "toLimit"> };

function optionsOf(
  shown: Shown,
  colours: ChartColours,
  width: number,
  onHover: (index: number | undefined) => void,
): UPlot.Options {
  const { unit, lines, title } = shown.current.chart;
  const axis = {
    stroke: colours.dim,
    font: FONT,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(1, width),
    height: HEIGHT,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 6 } },
    scales: {
      x: { time: true, range: () => [...shown.current.window] as [number, number] }, // two of them
      y: { range: (_, __, max) => [0, topOf(shown, max)] },
    },
    axes: [
      {
        ...axis,
        size: TIME_AXIS_HEIGHT,
        space: 60,
        values: (_, ticks) => ticks.map((at) => formatMinute(at * 1_000)),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        ...(unit === "bytes" ? { incrs: POWERS_OF_TWO } : unit === "calls" ? { incrs: WHOLE } : {}),
        // The other units stand at their figures.
        ...(unit === "calls" || unit === "fuel"
          ? { label: unitName(unit), labelFont: FONT, labelSize: 14, size: AXIS_WIDTH - 14 }
          : {}),
        values: (_, ticks) => ticks.map((value) => chartFigure(unit, value)),
      },
    ],
    series: [
      {},
      ...lines.map(({ label }, index) => ({
        label: `${title} ${label}`,
        stroke: colours.lines[index] ?? colours.text,
        width: 1.5,
        // The second line is told apart by its dashes too.
        ...(index > 0 ? { dash: [4, 3] } : {}),
        points: { show: true, size: 3 },
        spanGaps: false,
      })),
    ],
    hooks: {
      draw: [(plot) => drawLimit(plot, shown, colours)],
      setCursor: [(plot) => onHover(plot.cursor.idx ?? undefined)],
    },
  };
}

function topOf({ current: { chart, toLimit } }: Shown, max: number | null): number {
  const highest = max ?? 0;
  const limit = toLimit ? (chart.limit?.value ?? 0) : 0;
  return Math.max(highest, limit) * HEADROOM || 1;
}

/** The limit as a dashed line with its words; off the scale it is said at the upper edge. */
function drawLimit(plot: UPlot, { current }: Shown, colours: ChartColours): void {
  const { limit } = current.chart;
  if (limit === undefined) return;
  const { ctx, bbox } = plot;
  const isOff = limit.value > (plot.scales["y"]?.max ?? 0);
  const y = isOff ? bbox.top : plot.valToPos(limit.value, "y", true);
  const scale = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colours.limit;
  ctx.fillStyle = colours.limit;
  ctx.font = `${11 * scale}px Inter Variable, system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  if (!isOff) {
    ctx.setLineDash([6 * scale, 4 * scale]);
    ctx.lineWidth = scale;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.fillText(isOff ? `↑ ${limit.label}` : limit.label, bbox.left + bbox.width - 4 * scale, y + 3 * scale);
  ctx.restore();
}
