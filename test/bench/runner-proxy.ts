/**
 * A bare proxy before the runner: takes a request, sends the one execute request that it was given, and answers with the
 * body that comes back. It decides, records, counts and checks nothing: what the gateway adds is the difference.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What the proxy sends, and where. */
export interface RunnerProxyOptions {
  readonly runner: string;
  readonly serviceToken: string;
  /** The execute request as JSON text. */
  readonly execute: string;
}

export async function startRunnerProxy(
  options: RunnerProxyOptions,
): Promise<{ readonly url: string; close(): void }> {
  const child = spawn(process.execPath, [import.meta.filename], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, BENCH_RUNNER_PROXY: JSON.stringify(options) },
  });
  const [port] = (await once(child, "message")) as [number]; // sent below
  return { url: `http://127.0.0.1:${port}/`, close: () => child.kill() };
}

if (import.meta.main) {
  // Written by the function above.
  const { runner, serviceToken, execute } = JSON.parse(
    process.env.BENCH_RUNNER_PROXY ?? "{}",
  ) as RunnerProxyOptions;
  const agent = new Agent({ keepAlive: true });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(execute),
    authorization: `Bearer ${serviceToken}`,
  };
  const server = createServer((incoming, response) => {
    incoming.resume();
    const outgoing = request(`${runner}/v1/execute`, { agent, method: "POST", headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { status, body_b64 } = JSON.parse(text) as { status: number; body_b64?: string }; // DESIGN, section 7
        response.writeHead(answer.statusCode === 200 ? status : 502, { "content-type": "application/json" });
        response.end(answer.statusCode === 200 ? Buffer.from(body_b64 ?? "", "base64") : text);
      });
    });
    outgoing.on("error", () => response.writeHead(502).end());
    outgoing.end(execute);
  });
  server.listen(0, "127.0.0.1", () => {
    // A TCP server that listens has an address of this form.
    process.send?.((server.address() as AddressInfo).port);
  });
  process.on("disconnect", () => process.exit(0));
}
