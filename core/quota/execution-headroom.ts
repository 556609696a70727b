import type { ExecutionRecord } from "../contract/execution-record.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import { isLimitName, WINDOW_LIMITS } from "../contract/limit-catalogue.ts";
import { MIB } from "../contract/limits.ts";
import type { ExecutionHeadroom } from "../contract/rpc/quotas.ts";
import { headroom, type Measured } from "../policy/index.ts";
import type { QuotaSettings } from "./quota-settings.ts";
import type { UsageLedger } from "./usage-ledger.ts";

/**
 * How far an execution was from the limits of each profile, and from those in force now while it is still installed.
 * What it used comes from its record; windows are those in which it began, as they stand now.
 */
export function executionHeadroom(
  sources: {
    readonly ledger: Pick<UsageLedger, "window">;
    readonly settings: Pick<QuotaSettings, "limitsFor" | "limitsUnder" | "list">;
  },
  execution: ExecutionRecord,
  inForce: { readonly tenant: Tenant; readonly install: InstalledExtension } | undefined,
): ExecutionHeadroom {
  const { settings } = sources;
  const measured = measure(sources.ledger, execution);
  const under = (limits: ReturnType<QuotaSettings["limitsUnder"]>, profile?: string) => {
    const { rows, first_refusal } = headroom(limits, measured);
    return {
      rows,
      ...(profile === undefined ? {} : { profile }),
      ...(first_refusal === undefined ? {} : { first_refusal }),
    };
  };
  return {
    execution_id: execution.id,
    profiles: [
      ...(inForce ? [under(settings.limitsFor(inForce.tenant, inForce.install))] : []),
      ...settings.list().map((profile) => under(settings.limitsUnder(profile), profile.name)),
    ],
  };
}

function measure(ledger: Pick<UsageLedger, "window">, execution: ExecutionRecord): Measured {
  const { usage, trace, install_id } = execution;
  const at = new Date(execution.started_at);
  const measured: Record<string, number> = {};
  for (const { name, used, scope } of trace.flatMap(({ budgets = [] }) => budgets)) {
    if (scope === "install" && isLimitName(name)) measured[name] = used;
  }
  // Tokens out of a bucket say little under another rate; calls at once did not count the call itself.
  delete measured["rate_burst"];
  if (measured["concurrency"] !== undefined) measured["concurrency"] += 1;
  // What was refused used nothing, which says nothing about what it would have used.
  if (usage !== undefined && execution.outcome !== "refused") {
    measured["timeout_ms"] = usage.duration_ms;
    measured["fuel"] = usage.fuel;
    measured["memory_mb"] = usage.memory_bytes / MIB;
  }
  if (install_id !== "") {
    const of = { scope: "install", id: install_id } as const;
    for (const { name, window } of WINDOW_LIMITS) {
      if (window !== undefined) {
        measured[name] = ledger.window(of, window.period, at).usage[window.metric];
      }
    }
    measured["rate_per_minute"] = ledger.window(of, "minute", at).usage.invocations;
  }
  return measured;
}
