import type { ExecuteErrorCode } from "../../contract/execute.ts";

/**
 * A host function's refusal, as the case of the interface's error enum. jco lowers the own property `payload` of
 * a thrown value into the `err` of the result, so the guest sees an ordinary error of its interface.
 */
export class HostRefusal extends Error {
  readonly payload: string;

  /** `reason` goes to the extension's log, not to the guest; it holds no secret and no payload. */
  constructor(payload: string, reason?: string) {
    super(reason ?? payload);
    this.name = "HostRefusal";
    this.payload = payload;
  }
}

/** Ends the execution with a code: the guest gets no say. Must have no property `payload`. */
export class HostTrap extends Error {
  readonly code: ExecuteErrorCode;

  constructor(code: ExecuteErrorCode, message: string) {
    super(message);
    this.name = "HostTrap";
    this.code = code;
  }
}

/** What a host call comes to, as it travels between the runner's main thread and the guest's worker. */
export type HostOutcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "refusal"; readonly payload: string; readonly reason: string }
  | { readonly kind: "trap"; readonly code: ExecuteErrorCode; readonly message: string };

/** Runs a host function and puts whatever it does into an outcome; a defect of ours becomes `internal`. */
export async function outcomeOf(run: () => unknown): Promise<HostOutcome> {
  try {
    return { kind: "value", value: await run() };
  } catch (error) {
    if (error instanceof HostRefusal)
      return { kind: "refusal", payload: error.payload, reason: error.message };
    if (error instanceof HostTrap) return { kind: "trap", code: error.code, message: error.message };
    return { kind: "trap", code: "internal", message: "a host function failed" };
  }
}
