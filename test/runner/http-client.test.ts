import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
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

it("sends nothing for a call that was given up while it waited for the runner's start", async () => {
  let requests = 0;
  const silent = createServer(() => {
    requests += 1;
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo; // it listens on a port
  const reason = new Error("the caller has gone");
  const caller = new AbortController();
  const client = createHttpRunnerClient({
    serviceToken: "t",
    async baseUrl() {
      caller.abort(reason);
      return `http://127.0.0.1:${port}`;
    },
  });
  await expect(client.execute(REQUEST, caller.signal)).rejects.toBe(reason);
  client.close();
  await new Promise((resolve) => silent.close(resolve));
  expect(requests).toBe(0);
});
