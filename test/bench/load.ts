import { Agent, request } from "node:http";

export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A client with kept connections of its own, `connections` at most. */
export function createClient(connections = 1) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  function call({ url, headers = {}, method = "GET", body }: Target): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { agent, method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
  return { call, close: () => agent.destroy() };
}

/** One call after the other from each client for so long; the latency of each, in milliseconds. */
export async function closedLoop(target: Target, clients: number, milliseconds: number): Promise<number[]> {
  const client = createClient(clients);
  const latencies: number[] = [];
  const end = performance.now() + milliseconds;
  const one = async () => {
    while (performance.now() < end) {
      const start = performance.now();
      const { status, body } = await client.call(target);
      latencies.push(performance.now() - start);
      // A wrong answer is no figure.
      if (status !== 200) throw new Error(`status ${status} ${body.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  client.close();
  return latencies;
}
