import { chartFigure, type UsageChart, unitName } from "../../state/quotas/charts.ts";
import { formatClock, formatCount } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";

export interface UsageTableProps {
  readonly charts: readonly UsageChart[];
}

/** The figures of the charts, newest first, for whoever reads rather than looks. */
export function UsageTable({ charts }: UsageTableProps) {
  const columns = charts.flatMap(({ id, title, unit, lines, limit }) =>
    lines.map(({ label, values }) => ({ key: `${id} ${label}`, title, label, unit, values, limit })),
  );
  const times = charts[0]?.times ?? [];
  const used = times.flatMap((at, index) =>
    columns.some(({ values }) => (values[index] ?? 0) > 0) ? [{ at, index }] : [],
  );
  return (
    <ScrollRegion aria-label="Table of the usage" className="usage-table">
      <table>
        <caption className="dim">
          Newest first. {formatCount(times.length - used.length)} steps in which nothing was used are left
          out.
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {columns.map(({ key, title, label, unit }) => (
              <th key={key} scope="col">
                {title}, {label} <span className="dim">{unitName(unit)}</span>
              </th>
            ))}
          </tr>
          <tr>
            <th scope="row">Limit</th>
            {columns.map(({ key, limit }) => (
              <td key={key}>{limit?.label.replace("limit ", "") ?? "–"}</td>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.toReversed().map(({ at, index }) => (
            <tr key={at}>
              <th scope="row">{formatClock(at * 1_000)}</th>
              {columns.map(({ key, unit, values }) => {
                const value = values[index];
                return (
                  <td key={key}>{value === null || value === undefined ? "–" : chartFigure(unit, value)}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
