import type { Refusal } from "../../../core/contract/rpc/registry.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { ReportTable } from "../keys/verification-report.tsx";

/** Verification said no: why, how to mend it, and every check. */
export function RefusalView({ refusal }: { readonly refusal: Refusal }) {
  const { code, message, hint, report } = refusal;
  return (
    <div className="refusal">
      <FailureNotice failure={{ kind: "refused", code, message, ...(hint ? { hint } : {}) }} />
      {report && <ReportTable report={report} />}
    </div>
  );
}
