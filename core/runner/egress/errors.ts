import type { EgressRule } from "../../contract/egress-refusal.ts";
import { WorkbenchError, type WorkbenchErrorOptions } from "../../contract/errors.ts";

/** The cases that the WIT interface `http` can tell an extension; `quota_exceeded` ends the execution. */
export type EgressErrorCode = "url_invalid" | "not_allowed" | "transport" | "quota_exceeded";

export class EgressError extends WorkbenchError<EgressErrorCode> {
  /** The rule that refused the request; absent when it was allowed and failed. */
  readonly rule: EgressRule | undefined;

  constructor({ rule, ...options }: WorkbenchErrorOptions<EgressErrorCode> & { rule?: EgressRule }) {
    super(options);
    this.rule = rule;
  }
}
