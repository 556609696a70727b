import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction, type Socket } from "node:net";
import type { Header } from "../../contract/execute.ts";
import { DEFAULT_REQUEST_BODY_BYTES, DEFAULT_RESPONSE_BODY_BYTES } from "../../contract/limits.ts";
import type { EgressBudget } from "./egress-budget.ts";
import { incomingHeaders, outgoingHeaders, outgoingMethod } from "./egress-headers.ts";
import { type EgressDecision, judgeAddresses, judgeUrl } from "./egress-policy.ts";
import { EgressError } from "./errors.ts";

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array | undefined;
}

export interface EgressResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

export interface EgressPermit {
  readonly allowlist: readonly string[];
  /** Aborted at the execution's deadline and when it is killed. */
  readonly signal: AbortSignal;
  readonly budget: Pick<EgressBudget, "left" | "exceed">;
  /**
   * Bytes on the wire in both directions, also of calls that fail. Those until the answer, or until the signal, are
   * told before either has an effect on anybody else; what a connection moves while it closes comes later.
   */
  onBytes(count: number): void;
}

/** Every address of a name, asked once. Tests bring their own names; nothing else does. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface EgressGuard {
  /** One request, redirects not followed. @throws EgressError. */
  fetch(request: EgressRequest, permit: EgressPermit): Promise<EgressResponse>;
}

const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The only way out of the runner for an extension. */
export function createEgressGuard(resolve: Resolve = systemResolve): EgressGuard {
  return {
    async fetch(request, permit) {
      const method = outgoingMethod(request.method);
      const headers = outgoingHeaders(request.headers);
      if ((request.body?.byteLength ?? 0) > DEFAULT_REQUEST_BODY_BYTES)
        throw new EgressError({
          code: "not_allowed",
          rule: "request",
          message: `the request body is over ${DEFAULT_REQUEST_BODY_BYTES} bytes`,
        });
      const left = permit.budget.left();
      if (left <= 0 || (request.body?.byteLength ?? 0) > left) throw permit.budget.exceed();
      const target = allowedOrThrow(judgeUrl(request.url, permit.allowlist));
      const addresses =
        isIP(target.host) === 0 ? await resolved(resolve, target.host, permit) : [target.host];
      const pinned = allowedOrThrow(judgeAddresses(target, addresses));
      return send({ url: target.url, method, headers, body: request.body, pinned }, permit);
    },
  };
}

async function resolved(resolve: Resolve, host: string, permit: EgressPermit): Promise<readonly string[]> {
  let addresses: readonly string[];
  permit.signal.throwIfAborted();
  const answered = new AbortController();
  try {
    // A name server that says nothing is not waited for beyond the deadline.
    const over = once(permit.signal, "abort", { signal: answered.signal }).then(() => []);
    addresses = await Promise.race([resolve(host), over]);
  } catch {
    throw new EgressError({ code: "transport", message: `${host} does not resolve` });
  } finally {
    answered.abort();
  }
  if (addresses.length === 0)
    throw new EgressError({ code: "transport", message: `${host} does not resolve` });
  return addresses;
}

interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
  /** The addresses that were judged; the connection goes to one of them and never asks again. */
  readonly pinned: readonly string[];
}

function send(outgoing: Outgoing, permit: EgressPermit): Promise<EgressResponse> {
  const { url, pinned } = outgoing;
  return new Promise((fulfil, reject) => {
    let socket: Socket | undefined;
    let told = 0;
    const moved = () => (socket?.bytesRead ?? 0) + (socket?.bytesWritten ?? 0);
    const tell = () => {
      const count = moved() - told;
      told += count;
      if (count > 0) permit.onBytes(count);
    };
    // Before the request hears of it: an execution that ends at its deadline is told what it has used at once.
    permit.signal.addEventListener("abort", tell, { once: true });
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)({
      // A connection of its own: nothing is shared between executions, and its counters are this call's.
      agent: false,
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port === "" ? undefined : url.port,
      path: `${url.pathname}${url.search}`,
      method: outgoing.method,
      // The flat form suppresses Node's own Host header, so it is written here from the judged URL.
      headers: ["host", url.host, ...outgoing.headers, ...contentLength(outgoing)],
      lookup: pinnedLookup(pinned),
      signal: permit.signal,
    });
    request.on("socket", (assigned) => {
      socket = assigned;
    });
    request.on("close", () => {
      permit.signal.removeEventListener("abort", tell);
      tell();
    });
    request.on("error", (error: NodeJS.ErrnoException) =>
      reject(error instanceof EgressError ? error : transportError(url, error)),
    );
    // Nobody asked for another protocol.
    request.on("upgrade", (_response, upgraded) => {
      upgraded.destroy();
      reject(transportError(url, undefined));
    });
    // Interim answers, of which there may be any number before the answer.
    request.on("information", () => {
      if (moved() > permit.budget.left()) request.destroy(permit.budget.exceed());
      else if ((socket?.bytesRead ?? 0) > DEFAULT_RESPONSE_BODY_BYTES) request.destroy(tooLarge());
    });
    request.on("response", (response) => {
      collect(response, permit.budget)
        .finally(tell)
        .then(fulfil, (error: unknown) => {
          request.destroy();
          reject(error instanceof EgressError ? error : transportError(url, error));
        });
    });
    request.end(outgoing.body);
  });
}

function contentLength({ body, method }: Outgoing): string[] {
  if (body !== undefined) return ["content-length", String(body.byteLength)];
  return method === "POST" || method === "PUT" || method === "PATCH" ? ["content-length", "0"] : [];
}

async function collect(
  response: IncomingMessage,
  budget: Pick<EgressBudget, "left" | "exceed">,
): Promise<EgressResponse> {
  const { socket } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    // What this connection moved is not spent yet: that happens when all of it is here.
    if (socket.bytesRead + socket.bytesWritten > budget.left()) throw budget.exceed();
    bytes += chunk.byteLength;
    if (bytes > DEFAULT_RESPONSE_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    headers: incomingHeaders(response.rawHeaders),
    // A plain array: a Buffer may be a window on a shared pool, which must not be transferred to a worker.
    body: new Uint8Array(Buffer.concat(chunks)),
  };
}

function tooLarge(): EgressError {
  return new EgressError({
    code: "transport",
    message: `the response is over ${DEFAULT_RESPONSE_BODY_BYTES} bytes`,
  });
}

function pinnedLookup(pinned: readonly string[]): LookupFunction {
  const addresses = pinned.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const first = addresses[0];
    if (options.all || first === undefined) callback(null, addresses);
    else callback(null, first.address, first.family);
  };
}

function transportError(url: URL, cause: unknown): EgressError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code; // Node's errors carry one; absent otherwise
  return new EgressError({
    code: "transport",
    kind: "environment",
    message: `the request to ${url.host} failed${typeof code === "string" ? ` (${code})` : ""}`,
  });
}

function allowedOrThrow<T>(decision: EgressDecision<T>): T {
  if (decision.allowed) return decision.value;
  const { rule, reason } = decision;
  const code = rule === "url" ? "url_invalid" : "not_allowed";
  throw new EgressError({ code, rule, kind: "refused", message: reason });
}
