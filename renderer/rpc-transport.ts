import { errorBodySchema } from "../core/contract/errors.ts";
import type { HostAddress } from "../core/contract/host-address.ts";
import { brokenContract, ClientError, unauthorised, unreachable } from "./state/failure.ts";

export type Fetch = typeof fetch;

export interface RpcRequest {
  /** Path below the host's origin, with its leading slash. */
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request to the host with its token; every way of failing becomes a `ClientError`. */
export type HostFetch = (request: RpcRequest) => Promise<Response>;

export function createHostFetch(host: HostAddress, fetchImpl: Fetch): HostFetch {
  return async ({ path, method, headers, body, signal }) => {
    const response = await fetchImpl(`${host.url}${path}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${host.token}` },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
      // The token is all that opens the host; cookies of other services on this machine have no business here.
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw unreachable(cause);
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
}

async function refusalOf(response: Response): Promise<ClientError> {
  if (response.status === 401) return unauthorised();
  const body = errorBodySchema.safeParse(await response.json().catch(() => undefined));
  if (!body.success) return brokenContract(`The host's error (status ${response.status})`);
  const { code, message, hint } = body.data.error;
  return new ClientError({ kind: "refused", code, message, ...(hint === undefined ? {} : { hint }) });
}
