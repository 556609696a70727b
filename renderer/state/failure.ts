import { errorBodySchema } from "../../core/contract/errors.ts";

/**
 * Why the host did not answer as asked.
 * `unreachable`: nobody listens; `unauthorised`: the token does not open this host; `refused`: the host answered with
 * an error of its own; `contract`: the answer (or the question) was not of the agreed shape.
 */
export type FailureKind = "unreachable" | "unauthorised" | "refused" | "contract";

/** A failure in words that a screen can show as they are. */
export interface ClientFailure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Expected, actual, where: of the host's own refusals. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class ClientError extends Error {
  readonly failure: ClientFailure;

  constructor(failure: ClientFailure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = "ClientError";
    this.failure = failure;
  }
}

export function unreachable(cause?: unknown): ClientError {
  return new ClientError(
    {
      kind: "unreachable",
      code: "host_unreachable",
      message: "The host does not answer.",
      hint: "Start it again with `workbench serve`.",
    },
    cause,
  );
}

/** Sent, and the connection went before the answer came. Nothing is sent twice by itself. */
export function answerLost(cause?: unknown): ClientError {
  return new ClientError(
    {
      kind: "unreachable",
      code: "answer_lost",
      message: "The connection to the host was lost before the answer came.",
      hint: "It may have been done all the same: look before you do it again.",
    },
    cause,
  );
}

export function unauthorised(cause?: unknown): ClientError {
  return new ClientError(
    {
      kind: "unauthorised",
      code: "unauthenticated",
      message: "The token does not open this host.",
      hint: "Give the address that the host printed when it started; what you typed stays.",
    },
    cause,
  );
}

export function callTooLarge(maxBytes: number): ClientError {
  return new ClientError({
    kind: "refused",
    code: "request_too_large",
    message: `This is over the ${maxBytes} bytes that can be sent to the host at once.`,
    hint: "Send less, or use the command line.",
  });
}

/** The host's own refusal, whole: code, message, hint and details. @param body `{error: {…}}` as the host wrote it */
export function refusalOf(body: unknown): ClientError {
  const given = errorBodySchema.safeParse(body);
  if (!given.success) return brokenContract("The host's error");
  const { code, message, hint, details } = given.data.error;
  return new ClientError({
    kind: "refused",
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}

export function brokenContract(what: string, cause?: unknown): ClientError {
  return new ClientError(
    {
      kind: "contract",
      code: "contract_broken",
      message: `${what} is not of the agreed shape.`,
      hint: "Reload the page: it may be older than the host.",
    },
    cause,
  );
}

/** The failure behind anything that was thrown; what we did not throw ourselves is a defect and says so. */
export function failureOf(error: unknown): ClientFailure {
  if (error instanceof ClientError) return error.failure;
  const message = error instanceof Error ? error.message : "An unknown failure.";
  return { kind: "contract", code: "internal", message };
}
