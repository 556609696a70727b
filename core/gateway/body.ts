import type { RequestSizeFacts } from "../policy/index.ts";

export interface ReceivedBody {
  readonly facts: RequestSizeFacts["body"];
  /** Present only when the facts say `read`. */
  readonly bytes?: Uint8Array;
}

/**
 * Reads a body and stops at the first byte over the cap: what is refused was never held in memory.
 * @param declaredBytes `content-length`, when the request has one
 */
export async function receiveBody(
  body: Uint8Array | ReadableStream<Uint8Array> | undefined,
  declaredBytes: number | undefined,
  capBytes: number,
): Promise<ReceivedBody> {
  if (body === undefined) return { facts: { state: "read", bytes: 0 }, bytes: new Uint8Array() };
  if (body instanceof Uint8Array) return { facts: { state: "read", bytes: body.byteLength }, bytes: body };
  if (declaredBytes !== undefined && declaredBytes > capBytes) {
    discard(body);
    return { facts: { state: "declared_over_cap", bytes: declaredBytes } };
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > capBytes) return { facts: { state: "over_cap" } };
      chunks.push(chunk);
    }
  } catch {
    // The sender broke off; who sent it will not read the answer, but the record says why.
    return { facts: { state: "broken" } };
  }
  return { facts: { state: "read", bytes }, bytes: Buffer.concat(chunks, bytes) };
}

/** Tells the sender that nobody reads on. A failure to say so changes nothing. */
function discard(body: ReadableStream<Uint8Array>): void {
  body.cancel().catch(() => undefined);
}
