import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { ExecuteRequest } from "../../core/contract/execute.ts";
import { createHttpRunnerClient } from "../../core/runner/http-client.ts";

const REQUEST: ExecuteRequest = {
  context: {
    request_id: "r1",
    tenant_id: "t1",
    extension_id: "e1",
    install_id: "i1",
    version_id: "v1",
    content_hash: `sha256:${"0".repeat(64)}`,
    config: {},
  },
  http: { method: "GET", path: "/", query: "", headers: [] },
  limits: { timeout_ms: 1_000, memory_mb: 64, fuel: 1_000 },
  providers: [],
};

async function listening(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  const client = createHttpRunnerClient({ serviceToken: "t", baseUrl: `http://127.0.0.1:${port}` });
  onTestFinished(() => client.close());
  return client;
}

it("hangs up on a call that is given up, and sends nothing for one that was before", async () => {
  const hungUp = Promise.withResolvers<void>();
  let requests = 0;
  const reason = new Error("the caller has gone");
  const caller = new AbortController();
  const client = await listening((request) => {
    requests += 1;
    request.on("close", hungUp.resolve);
    caller.abort(reason);
  });
  await expect(client.execute(REQUEST, caller.signal)).rejects.toBe(reason);
  await hungUp.promise;
  await expect(client.execute(REQUEST, caller.signal)).rejects.toBe(reason);
  expect(requests).toBe(1);
});
