import type { ServerResponse } from "node:http";

/** A JSON answer that no cache keeps and no browser reinterprets. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  // A string leaves in one piece with its headers, bytes in a second.
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}

export function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  answerJson(response, status, { error: { code, message } });
}
