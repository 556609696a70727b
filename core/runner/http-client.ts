import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type ExecuteRequest, type ExecuteResponse, executeResponseSchema } from "../contract/execute.ts";
import { MIB } from "../contract/limits.ts";
import { errorReason } from "../platform/error-reason.ts";
import { RunnerError, unavailable } from "./errors.ts";
import { readBody } from "./message-body.ts";

/** A response body of 32 MiB in base64 and its headers. */
const MAX_RESPONSE_BYTES = 48 * MIB;

/** A runner that can be called, wherever it is. */
export interface RunnerClient {
  /**
   * @throws RunnerError `runner_unavailable` (no connection, or lost during the call), `runner_protocol`.
   * An abort rejects with the signal's reason.
   */
  execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteResponse>;
}

export interface HttpRunnerClientOptions {
  /** Origin of the runner. */
  readonly baseUrl: string;
  readonly serviceToken: string;
}

export interface HttpRunnerClient extends RunnerClient {
  /** Closes the connections that are kept. */
  close(): void;
}

/** `POST /v1/execute` against any runner that speaks it, over kept connections. */
export function createHttpRunnerClient({ baseUrl, serviceToken }: HttpRunnerClientOptions): HttpRunnerClient {
  // Read once: parsing it again for every call costs more than sending it.
  const { protocol, hostname, port, pathname } = new URL("/v1/execute", baseUrl);
  const secure = protocol === "https:";
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const endpoint = {
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? undefined : port,
    path: pathname,
    method: "POST",
    agent,
  };

  async function execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteResponse> {
    signal?.throwIfAborted();
    // A string leaves in one piece with its headers, bytes in a second.
    const body = JSON.stringify(request);
    const headers = {
      authorization: `Bearer ${serviceToken}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const outgoing = (secure ? httpsRequest : httpRequest)({ ...endpoint, headers });
    // Not the request's own `signal`: what Node does to watch it costs as much as the rest of the request.
    const giveUp = () => void outgoing.destroy();
    signal?.addEventListener("abort", giveUp);
    outgoing.end(body);
    let answer: { status: number; body: Buffer };
    try {
      answer = await answerTo(outgoing);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof RunnerError) throw error;
      const reason = errorReason(error);
      throw unavailable(`The runner cannot be reached or went away during the call (${reason}).`, error);
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
    return readAnswer(answer.status, answer.body);
  }

  return { execute, close: () => agent.destroy() };
}

function answerTo(outgoing: ClientRequest): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      read(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
  });
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const body = await readBody(response, MAX_RESPONSE_BYTES);
  if (body !== undefined) return body;
  response.destroy();
  throw new RunnerError({
    code: "runner_protocol",
    kind: "system",
    message: `The runner's answer is over ${MAX_RESPONSE_BYTES} bytes.`,
  });
}

function readAnswer(status: number, body: Buffer): ExecuteResponse {
  if (status === 401 || status === 403)
    throw new RunnerError({
      code: "runner_protocol",
      kind: "environment",
      message: "The runner refused the service token.",
      hint: "Give RUNNER_SERVICE_TOKEN the value that the runner was started with.",
    });
  const parsed = status === 200 ? executeResponseSchema.safeParse(jsonOf(body)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new RunnerError({
    code: "runner_protocol",
    kind: "system",
    message: "The runner's answer is not an execute response.",
    details: { status },
  });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
