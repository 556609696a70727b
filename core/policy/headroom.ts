import { CALL_LIMITS, type LimitName } from "../contract/limit-catalogue.ts";
import type { ResolvedLimits } from "./limits.ts";

/** What one execution used, or what had been used around it, in the unit of each limit. */
export type Measured = Readonly<Partial<Record<LimitName, number>>>;

export interface HeadroomRow {
  readonly name: LimitName;
  readonly used: number;
  readonly limit: number;
  /** Used of the limit; `null` where the limit is 0 and something was used. */
  readonly percent: number | null;
  /** A call like this would have been refused or stopped. */
  readonly refuses: boolean;
  readonly source: string;
}

export interface Headroom {
  /** In the order in which a call meets the limits; what was not measured is left out. */
  readonly rows: readonly HeadroomRow[];
  /** The first that would have refused or stopped it. */
  readonly first_refusal: LimitName | undefined;
}

/** How far one execution was from each limit. */
export function headroom(limits: ResolvedLimits, measured: Measured): Headroom {
  const own = limits.scopes[0]?.windows ?? [];
  const rows = [
    ...CALL_LIMITS.map(({ name }) => ({ name, ...limits[name] })),
    ...own.map(({ name, value, source }) => ({ name, value, source })),
  ].flatMap(({ name, value, source }): HeadroomRow[] => {
    const used = measured[name];
    if (used === undefined) return [];
    // A bucket that refills at the rate lets as many more through as it holds.
    const ceiling = name === "rate_per_minute" ? value + limits.rate_burst.value : value;
    const percent = value === 0 ? (used === 0 ? 0 : null) : (used / value) * 100;
    return [{ name, used, limit: value, percent, refuses: used > ceiling, source }];
  });
  return { rows, first_refusal: rows.find(({ refuses }) => refuses)?.name };
}
