import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { RPC_SOCKET_PATH } from "../contract/rpc-socket.ts";
import { randomIds } from "../platform/ids.ts";
import { callersRequestId } from "../policy/index.ts";
import { refuseOn } from "./bare-refusal.ts";
import { HostError } from "./errors.ts";
import { failureOf } from "./failure.ts";

/**
 * Why a request for a WebSocket is refused, if it is. A page on the internet may open sockets to loopback, and no
 * preflight asks whether it may: `Origin`, which no page can forge, must be the host's own. What sends none is no
 * browser, and has to know the token like everybody else.
 */
export function upgradeRefusal(
  request: Pick<IncomingMessage, "url" | "headers">,
  isOwnHost: (host: string) => boolean,
): HostError | undefined {
  const { url = "", headers } = request;
  const host = headers.host?.toLowerCase() ?? "";
  if (!url.startsWith("/") || !isOwnHost(host)) {
    return new HostError({
      code: "misdirected_request",
      message: "The request was addressed to another host.",
    });
  }
  if (headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${host}`) {
    return new HostError({
      code: "forbidden",
      kind: "refused",
      message: "A page of another origin may not connect to this host.",
    });
  }
  if (url.split("?")[0] !== RPC_SOCKET_PATH) {
    return new HostError({ code: "not_found", message: "There is no WebSocket here." });
  }
  return undefined;
}

const REASONS: Readonly<Record<number, string>> = {
  403: "Forbidden",
  404: "Not Found",
  421: "Misdirected Request",
  503: "Service Unavailable",
};

/** Answers on the bare connection, which was to become a WebSocket and does not. */
export function refuseUpgrade(
  request: Pick<IncomingMessage, "headers">,
  socket: Duplex,
  refusal: HostError,
): void {
  const given = request.headers["x-request-id"];
  const requestId = callersRequestId(given === undefined ? [] : [given].flat()) ?? randomIds.uuid();
  const { status, body } = failureOf(refusal, requestId);
  refuseOn(socket, { status: `${status} ${REASONS[status] ?? ""}`, body: JSON.stringify(body), requestId });
}
