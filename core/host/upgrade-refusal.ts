import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { RPC_SOCKET_PATH } from "../contract/rpc-socket.ts";
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

/** Answers on the bare connection, in the same form as every other refusal, and ends it. */
export function refuseUpgrade(socket: Duplex, refusal: HostError): void {
  const { status, body } = failureOf(refusal);
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${status} ${REASONS[status] ?? ""}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(text)}`,
      "connection: close",
      "",
      text,
    ].join("\r\n"),
  );
}
