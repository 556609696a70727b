import type { ServerResponse } from "node:http";

/** A JSON answer that no cache keeps and no browser reinterprets. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": text.byteLength,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}

export function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  answerJson(response, status, { error: { code, message } });
}
