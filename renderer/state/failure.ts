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

export function unauthorised(): ClientError {
  return new ClientError({
    kind: "unauthorised",
    code: "unauthenticated",
    message: "The token does not open this host.",
    hint: "Open the address that the host printed when it started; a restarted host has a new token.",
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
