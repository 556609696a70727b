import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** The floor of every call: a plain `node:http` echo in this process, over kept connections. */
export async function startEcho(): Promise<{ call(): Promise<void>; close(): void }> {
  const server = createServer((_incoming, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"ok":true}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Cast: a TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  return {
    call: () =>
      new Promise((resolve, reject) => {
        const outgoing = request({ port, host: "127.0.0.1", agent }, (response) => {
          response.on("data", () => {});
          response.on("end", resolve);
        });
        outgoing.on("error", reject);
        outgoing.end();
      }),
    close() {
      agent.destroy();
      server.close();
    },
  };
}
