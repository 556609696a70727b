import { z } from "zod";

/**
 * Who can mend the failure.
 * `user`: the input; `refused`: verification or policy said no; `environment`: the machine lacks something;
 * `system`: a defect or an outage of ours. The command line maps these to its exit codes.
 */
export type ErrorKind = "user" | "refused" | "environment" | "system";

export interface WorkbenchErrorOptions<Code extends string> {
  code: Code;
  /** What failed, in one sentence. Never contains a secret, key material or an untrusted payload. */
  message: string;
  kind?: ErrorKind;
  /** Expected, actual, where: structured, safe to print. */
  details?: Record<string, unknown>;
  /** How to mend it, as one imperative sentence. */
  hint?: string;
  cause?: unknown;
}

/** The one error base. Each feature narrows `Code` to a closed union and subclasses it. */
export class WorkbenchError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly kind: ErrorKind;
  readonly details: Record<string, unknown> | undefined;
  readonly hint: string | undefined;

  constructor(options: WorkbenchErrorOptions<Code>) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.kind = options.kind ?? "user";
    this.details = options.details;
    this.hint = options.hint;
  }

  toJSON(): ErrorBody["error"] {
    return {
      code: this.code,
      message: this.message,
      ...(this.details ? { details: this.details } : {}),
      ...(this.hint ? { hint: this.hint } : {}),
    };
  }
}

/** Body of every failure on the command line and in the control API. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    hint: z.string().optional(),
  }),
  request_id: z.string().optional(),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
