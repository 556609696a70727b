import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";

const WAITING_HELPS = new Set(["rate_limited", "concurrency_exceeded", "quota_exceeded"]);

/** How a call ended: its status and code, or in a word when nobody was answered. */
export function OutcomeTag({ execution }: { readonly execution: ExecutionRecord }) {
  const { status, code, outcome } = execution;
  return <Tag tone={toneOf(execution)}>{[status ?? outcome, code].filter(Boolean).join(" ")}</Tag>;
}

function toneOf({ outcome, status = 0, code = "" }: ExecutionRecord): Tone {
  if (outcome === "running") return "accent";
  if (WAITING_HELPS.has(code) || outcome === "interrupted") return "warn";
  if (outcome !== "succeeded" || status >= 500) return "bad";
  return status >= 400 ? "warn" : "ok";
}
