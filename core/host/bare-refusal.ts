import type { Duplex } from "node:stream";

/** A refusal of what never reaches the app, or of a connection that is no longer an exchange. */
export interface BareRefusal {
  /** Code and reason, such as `404 Not Found`. */
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body: string;
  readonly requestId: string;
}

/** Writes the refusal on the bare connection, in the same form as every other one, and ends it. */
export function refuseOn(socket: Duplex, { status, headers = [], body, requestId }: BareRefusal): void {
  const lines = [
    `HTTP/1.1 ${status}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...headers,
    "connection: close",
  ];
  // Node takes its own listener off a connection that is no longer an exchange: a reset would end the process.
  socket.on("error", () => socket.destroy());
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
