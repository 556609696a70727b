/**
 * The floor of a call through two processes: a plain `node:http` proxy before a plain `node:http` server, each in a
 * process of its own, over kept connections. Run as a program it is either of the two.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface ProxyFloor {
  readonly url: string;
  close(): void;
}

export async function startProxyFloor(): Promise<ProxyFloor> {
  const backend = await start([]);
  const proxy = await start([String(backend.port)]);
  return {
    url: `http://127.0.0.1:${proxy.port}/`,
    close() {
      proxy.child.kill();
      backend.child.kill();
    },
  };
}

async function start(args: readonly string[]) {
  const child = spawn(process.execPath, [import.meta.filename, ...args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [port] = (await once(child, "message")) as [number]; // sent below
  return { child, port };
}

if (import.meta.main) {
  const target = process.argv[2];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, response) => {
    if (target === undefined) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"ok":true}');
      return;
    }
    const options = { port: Number(target), host: "127.0.0.1", agent, method: incoming.method };
    const outgoing = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  server.listen(0, "127.0.0.1", () => {
    // A TCP server that listens has an address of this form.
    process.send?.((server.address() as AddressInfo).port);
  });
  process.on("disconnect", () => process.exit(0));
}
