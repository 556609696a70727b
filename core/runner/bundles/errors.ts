import { WorkbenchError } from "../../contract/errors.ts";
import type { PreparationFailure } from "../../contract/runner-protocol.ts";
import type { VerificationCode } from "../../contract/verification.ts";

/** Codes of `POST /v1/execute` that a bundle can earn before anything of it runs. */
export type BundleLoadErrorCode = PreparationFailure["code"];

export class BundleLoadError extends WorkbenchError<BundleLoadErrorCode> {
  /** Which check failed, with `signature_invalid`. */
  readonly verificationCode: VerificationCode | undefined;

  constructor(code: BundleLoadErrorCode, message: string, verificationCode?: VerificationCode) {
    super({ code, message, kind: code === "internal" ? "system" : "refused" });
    this.verificationCode = verificationCode;
  }

  static of({ code, message, verification_code }: PreparationFailure): BundleLoadError {
    return new BundleLoadError(code, message, verification_code);
  }
}
