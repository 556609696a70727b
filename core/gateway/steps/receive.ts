import { headerBytes, headerValues, REQUEST_LADDER } from "../../policy/index.ts";
import { receiveBody } from "../body.ts";
import type { GatewayCall } from "../call.ts";
import { GatewayError } from "../errors.ts";
import type { CallJournal } from "../journal.ts";
import type { Route } from "./resolve.ts";

/** The whole request body, within the caps. Headers over the cap are refused without reading it. */
export async function receive(request: GatewayCall, route: Route, journal: CallJournal): Promise<Uint8Array> {
  const headers = request.headers ?? [];
  const size = headerBytes(headers);
  const isOverHeaderCap = size > route.limits.header_bytes.value;
  const received = await receiveBody(
    isOverHeaderCap ? undefined : request.body,
    declaredLength(headerValues(headers, "content-length")[0]),
    route.limits.request_body_bytes.value,
  );
  journal.ask(REQUEST_LADDER, { limits: route.limits, headerBytes: size, body: received.facts, headers });
  if (received.bytes === undefined) throw GatewayError.internal("The body is missing after its checks.");
  return received.bytes;
}

function declaredLength(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
