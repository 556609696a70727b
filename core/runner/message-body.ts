import type { IncomingMessage } from "node:http";

/**
 * The body, or `undefined` as soon as it is over the limit: the rest is not read. Rejects when the message breaks off.
 * With listeners, because an iterator over the stream costs more than everything else that is done with a small body.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve(undefined);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes <= maxBytes) return void chunks.push(chunk);
    request.pause();
    resolve(undefined);
  });
  request.on("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
  request.on("error", reject);
  request.on("close", () => {
    // Every message closes, and an error takes a look at the stack.
    if (!request.readableEnded) reject(new Error("the message broke off"));
  });
  return promise;
}
