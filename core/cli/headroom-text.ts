import type { ExecutionHeadroom } from "../contract/rpc/quotas.ts";
import { limitText } from "./quota-values.ts";
import { table } from "./text.ts";

/** For each limit the share that the execution used under each profile, and what would have refused it first. */
export function headroomText(profiles: ExecutionHeadroom["profiles"]): string {
  const names = [...new Set(profiles.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const titles = profiles.map(({ profile }) => profile ?? "in force");
  const rows = names.map((name) => [
    name,
    ...profiles.map((entry) => {
      const row = entry.rows.find((candidate) => candidate.name === name);
      if (row === undefined) return "";
      const share = row.percent === null ? "over" : `${row.percent.toFixed(row.percent < 10 ? 1 : 0)} %`;
      return `${share} of ${limitText(name, row.limit)}${row.refuses ? " ✗" : ""}`;
    }),
  ]);
  const refusals = profiles.map(({ first_refusal: first }, index) =>
    first === undefined ? "" : `${titles[index]} would have refused it: ${first}`,
  );
  return [table(["headroom", ...titles], rows), ...refusals.filter((line) => line !== "")].join("\n");
}
