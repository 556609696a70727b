import type { Header } from "../../contract/execute.ts";
import { ARRIVALS_PER_SLOT, headerBytes, headerValues, REQUEST_LADDER } from "../../policy/index.ts";
import type { Admission } from "../admission.ts";
import { type ReceivedBody, receiveBody } from "../body.ts";
import type { GatewayCall } from "../call.ts";
import { GatewayError } from "../errors.ts";
import type { CallJournal } from "../journal.ts";
import type { Route } from "./resolve.ts";

/**
 * The whole request body, within the caps. Headers over the cap are refused without reading it, and so is a body
 * beside too many others: a slow sender's waits in memory before rate and concurrency are asked.
 */
export async function receive(
  admission: Admission,
  request: GatewayCall,
  route: Route,
  journal: CallJournal,
): Promise<Uint8Array> {
  const headers = request.headers ?? [];
  const size = headerBytes(headers);
  const isOverHeaderCap = size > route.limits.header_bytes.value;
  const received = await arrivalOf(admission, isOverHeaderCap ? undefined : request.body, route, headers);
  journal.ask(REQUEST_LADDER, { limits: route.limits, headerBytes: size, body: received.facts, headers });
  if (received.bytes === undefined) throw GatewayError.internal("The body is missing after its checks.");
  return received.bytes;
}

async function arrivalOf(
  admission: Admission,
  body: GatewayCall["body"],
  { install, limits }: Route,
  headers: readonly Header[],
): Promise<ReceivedBody> {
  const cap = limits.request_body_bytes.value;
  if (!(body instanceof ReadableStream)) return receiveBody(body, undefined, cap);
  const arriving = admission.arriving(install.install_id);
  if (arriving >= limits.concurrency.value * ARRIVALS_PER_SLOT) {
    return { facts: { state: "crowded", arriving } };
  }
  const arrived = admission.arrive(install.install_id);
  try {
    return await receiveBody(body, declaredLength(headerValues(headers, "content-length")[0]), cap);
  } finally {
    arrived();
  }
}

function declaredLength(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
