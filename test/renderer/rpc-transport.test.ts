import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createHostFetch } from "../../renderer/rpc-transport.ts";
import { ClientError } from "../../renderer/state/failure.ts";

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function server(answer: Answer) {
  const seen: IncomingHttpHeaders[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  const { port } = http.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return {
    seen,
    hostFetch: createHostFetch({ url: `http://127.0.0.1:${port}`, token: "secret-token" }, fetch),
  };
}

const failureOf = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error: unknown) => (error instanceof ClientError ? error.failure : error),
  );

describe("asking the host", () => {
  it("carries the token as a bearer credential and nothing else that could identify", async () => {
    const { seen, hostFetch } = await server({ status: 200, body: "{}" });
    await hostFetch({
      path: "/rpc/x",
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(seen[0]).toMatchObject({
      authorization: "Bearer secret-token",
      "content-type": "application/json",
    });
    expect(seen[0]).not.toHaveProperty("cookie");
  });

  it("hands on the host's own refusal with its hint", async () => {
    const body = JSON.stringify({
      error: { code: "install_not_found", message: "No such install.", hint: "Look." },
    });
    const { hostFetch } = await server({ status: 404, body });
    expect(await failureOf(hostFetch({ path: "/", method: "GET" }))).toEqual({
      kind: "refused",
      code: "install_not_found",
      message: "No such install.",
      hint: "Look.",
    });
  });

  it.each([{ body: "<html>502</html>" }, { body: '{"error":"text"}' }, {}])(
    "calls an error that is not of the contract's shape just that: %j",
    async (answer) => {
      const { hostFetch } = await server({ status: 502, ...answer });
      expect(await failureOf(hostFetch({ path: "/", method: "GET" }))).toMatchObject({ kind: "contract" });
    },
  );

  it("says so when the token does not open the host", async () => {
    const { hostFetch } = await server({ status: 401, body: "{}" });
    expect(await failureOf(hostFetch({ path: "/", method: "GET" }))).toMatchObject({ kind: "unauthorised" });
  });

  it("says so when nobody listens, and does not follow a redirect with its token", async () => {
    const unused = createHostFetch({ url: "http://127.0.0.1:1", token: "secret-token" }, fetch);
    expect(await failureOf(unused({ path: "/", method: "GET" }))).toMatchObject({ kind: "unreachable" });
    const { seen, hostFetch } = await server({ status: 302, headers: { location: "/elsewhere" } });
    expect(await failureOf(hostFetch({ path: "/", method: "GET" }))).toMatchObject({ kind: "unreachable" });
    expect(seen).toHaveLength(1);
  });

  it("rejects with the signal's own reason when aborted, so that a cancel is not shown as a failure", async () => {
    const { hostFetch } = await server({ status: 200 });
    const reason = new Error("cancelled by the user");
    expect(await failureOf(hostFetch({ path: "/", method: "GET", signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
  });
});
