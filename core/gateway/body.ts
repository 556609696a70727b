import { readCapped } from "../platform/capped-body.ts";
import type { RequestSizeFacts } from "../policy/index.ts";

export interface ReceivedBody {
  readonly facts: RequestSizeFacts["body"];
  /** Present only when the facts say `read`. */
  readonly bytes?: Uint8Array;
}

/**
 * Reads a body within the cap; one that is declared larger is not read at all.
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
  try {
    const bytes = await readCapped(body, capBytes);
    if (bytes === undefined) return { facts: { state: "over_cap" } };
    return { facts: { state: "read", bytes: bytes.byteLength }, bytes };
  } catch {
    // The sender broke off; who sent it will not read the answer, but the record says why.
    return { facts: { state: "broken" } };
  }
}

/** Tells the sender that nobody reads on. A failure to say so changes nothing. */
function discard(body: ReadableStream<Uint8Array>): void {
  body.cancel().catch(() => undefined);
}
