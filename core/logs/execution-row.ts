import { z } from "zod";
import { decisionSchema } from "../contract/decision.ts";
import { type ExecutionRecord, executionOutcomeSchema } from "../contract/execution-record.ts";

/** A row of `extension_execution_log` as SQLite returns it. */
export interface ExecutionRow {
  id: string;
  request_id: string;
  tenant_id: string;
  extension_id: string;
  extension_name: string;
  version_id: string;
  install_id: string;
  content_hash: string;
  method: string;
  path: string;
  outcome: string;
  status: number | null;
  code: string | null;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  memory_bytes: number | null;
  fuel: number | null;
  egress_bytes: number | null;
  host_calls: number | null;
  log_lines: number | null;
  guest_ms: number | null;
  host_ms: number | null;
  trace: string;
  host_pid: number;
}

const traceSchema = z.array(decisionSchema);

export function toRecord(row: ExecutionRow): ExecutionRecord {
  return {
    id: row.id,
    request_id: row.request_id,
    tenant_id: row.tenant_id,
    extension_id: row.extension_id,
    extension_name: row.extension_name,
    version_id: row.version_id,
    install_id: row.install_id,
    content_hash: row.content_hash,
    method: row.method,
    path: row.path,
    outcome: executionOutcomeSchema.parse(row.outcome),
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.code === null ? {} : { code: row.code }),
    started_at: row.started_at,
    ...(row.finished_at === null ? {} : { finished_at: row.finished_at }),
    ...(row.duration_ms === null
      ? {}
      : {
          usage: {
            duration_ms: row.duration_ms,
            memory_bytes: row.memory_bytes ?? 0,
            fuel: row.fuel ?? 0,
            egress_bytes: row.egress_bytes ?? 0,
            host_calls: row.host_calls ?? 0,
            log_lines: row.log_lines ?? 0,
            ...(row.guest_ms === null ? {} : { guest_ms: row.guest_ms }),
            ...(row.host_ms === null ? {} : { host_ms: row.host_ms }),
          },
        }),
    trace: traceSchema.parse(JSON.parse(row.trace)),
  };
}
