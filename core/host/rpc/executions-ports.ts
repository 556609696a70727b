import type { ExecutionRecord } from "../../contract/execution-record.ts";
import type { ExecutionDetail, ReplayReport } from "../../contract/execution-recording.ts";

/** What is recorded of an execution besides its row. */
export interface HostRecordings {
  detail(execution: ExecutionRecord): ExecutionDetail;
  replay(
    id: string,
    choice: { version?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<ReplayReport>;
}
