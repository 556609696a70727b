import { HostRefusal } from "../../capabilities/host-outcome.ts";
import { Fields } from "./http-fields.ts";
import {
  FutureTrailers,
  IncomingBody,
  IncomingResponse,
  OutgoingBody,
  OutgoingRequest,
  RequestOptions,
  type WasiRequest,
  type WasiResponse,
} from "./http-messages.ts";
import { NEVER, Pollable } from "./poll.ts";

/** Makes a request and sleeps until its answer is there. @throws HostRefusal with a case of `http-error` */
export type WasiFetch = (request: WasiRequest) => WasiResponse;

type ErrorCode = { readonly tag: string; readonly val?: undefined };

/** The cases of `http-error` in the words of `wasi:http`. */
const ERROR_CODES: Readonly<Record<string, ErrorCode>> = {
  "invalid-url": { tag: "HTTP-request-URI-invalid" },
  "not-allowed": { tag: "HTTP-request-denied" },
  transport: { tag: "connection-terminated" },
};
const INTERNAL: ErrorCode = { tag: "internal-error", val: undefined };

/**
 * An answer that is fetched when the guest asks for it, which it can do once the request is complete: the guest's
 * thread cannot do anything else meanwhile, so nothing is lost by not having begun before.
 */
class FutureIncomingResponse {
  readonly #request: OutgoingRequest;
  readonly #fetch: WasiFetch;
  #isTaken = false;

  constructor(request: OutgoingRequest, fetch: WasiFetch) {
    this.#request = request;
    this.#fetch = fetch;
  }

  subscribe(): Pollable {
    return new Pollable({ now: () => 0n }, () => (this.#request.isComplete ? 0n : NEVER));
  }

  get() {
    if (!this.#request.isComplete) return undefined;
    if (this.#isTaken) return { tag: "err", val: undefined };
    this.#isTaken = true;
    return { tag: "ok", val: this.#answer() };
  }

  #answer() {
    try {
      return { tag: "ok", val: new IncomingResponse(this.#fetch(this.#request.toRequest())) };
    } catch (error) {
      if (!(error instanceof HostRefusal)) throw error;
      return { tag: "err", val: ERROR_CODES[error.payload] ?? INTERNAL };
    }
  }
}

/** What a server has and an extension, which is called by `handler`, cannot come by. */
class Unmakeable {
  constructor() {
    throw new Error("wasi:http: extensions do not serve HTTP");
  }
}
class IncomingRequest extends Unmakeable {}
class OutgoingResponse extends Unmakeable {}
class ResponseOutparam extends Unmakeable {
  static set(): never {
    throw new Error("wasi:http: extensions do not serve HTTP");
  }
}

/**
 * `wasi:http` for the engines' own `fetch`: every request is a call of `alga:extension/http`, with its capability,
 * egress policy, budget and journal.
 */
export function httpInterfaces(fetch: WasiFetch) {
  return {
    types: {
      Fields,
      FutureIncomingResponse,
      FutureTrailers,
      IncomingBody,
      IncomingRequest,
      IncomingResponse,
      OutgoingBody,
      OutgoingRequest,
      OutgoingResponse,
      RequestOptions,
      ResponseOutparam,
      httpErrorCode: () => undefined,
    },
    outgoingHandler: { handle: (request: OutgoingRequest) => new FutureIncomingResponse(request, fetch) },
  };
}
