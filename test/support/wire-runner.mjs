// A runner as another team might write it: it knows the wire contract and nothing of the workbench. What it does with
// a call is the call's path. Configured by WIRE_TOKEN, and WIRE_CERT and WIRE_KEY for TLS; prints its port.
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";

const usage = { duration_ms: 3, memory_bytes: 65536, fuel: 42, egress_bytes: 0, host_calls: 0, log_lines: 0 };

const behaviours = {
  echo: (response, call) =>
    answer(response, {
      status: 201,
      headers: [
        { name: "content-type", value: "application/json" },
        { name: "set-cookie", value: "a=b" },
      ],
      body_b64: Buffer.from(
        JSON.stringify({ keys: Object.keys(call).sort(), http: call.http, tenant: call.context.tenant_id }),
      ).toString("base64"),
      usage,
    }),
  error: (response, _call, code) =>
    answer(response, {
      status: 500,
      headers: [],
      error: {
        code,
        message: "as it was asked to",
        ...(code === "signature_invalid" ? { verification_code: "certificate_revoked" } : {}),
      },
      usage,
    }),
  nonsense: (response) => response.end("<html>welcome</html>"),
  shape: (response) => answer(response, { status: "fine" }),
  failing: (response) => response.writeHead(503).end(),
  redirect: (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
  slow: (response) => {
    const text = JSON.stringify({ status: 200, headers: [], usage });
    response.writeHead(200);
    let at = 0;
    const next = () =>
      at < text.length ? response.write(text[at++], () => setImmediate(next)) : response.end();
    next();
  },
  never: () => {},
  half: (response) => response.writeHead(200).write("{"),
  huge: (response) => {
    const chunk = Buffer.alloc(1 << 20, 32);
    const send = () => {
      while (!response.destroyed) if (!response.write(chunk)) return void response.once("drain", send);
    };
    send();
  },
  hangup: (response) => response.socket.destroy(),
};

function answer(response, value) {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function handle(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.method !== "POST" || request.url !== "/v1/execute") return response.writeHead(404).end();
  if (request.headers.authorization !== `Bearer ${process.env.WIRE_TOKEN}`)
    return response.writeHead(401).end();
  const call = JSON.parse(Buffer.concat(chunks));
  if (call.http === undefined) return response.writeHead(400).end();
  const [, name, argument] = call.http.path.split("/");
  behaviours[name](response, call, argument);
}

const { WIRE_CERT: cert, WIRE_KEY: key } = process.env;
const server = cert === undefined ? createServer(handle) : createTlsServer({ cert, key }, handle);
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
