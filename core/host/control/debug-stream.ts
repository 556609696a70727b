import type { Context } from "hono";
import { LIVE_TYPES, type LivePosition, liveQuerySchema, positionOf } from "../../contract/live-stream.ts";
import { HostError, malformed } from "../errors.ts";
import { queryOf } from "../input.ts";
import type { HostPorts } from "../ports.ts";
import { counted } from "../subscription-count.ts";
import { type Principal, principalOf } from "./principal.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  connection: "close",
};

/**
 * `GET /api/ext-debug/stream`: a tenant's lines, executions and decisions as they come. Pulled by the reader: what it
 * has not taken waits within a bound, and beyond that it is told what it missed.
 * @param closing ends the stream when the host closes
 */
export function debugStream(
  context: Context,
  ports: Pick<HostPorts, "callers" | "live" | "metrics" | "registry" | "tenants">,
  token: string,
  closing: AbortSignal,
): Response {
  const principal = principalOf(context, ports, token, "read");
  const {
    extensionId,
    types = LIVE_TYPES,
    level,
    text,
    request,
    tenants,
  } = queryOf(context, liveQuerySchema);
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, closing, context.req.raw.signal]);
  const opened = ports.live.open(
    {
      types,
      tenant_id: tenants === "all" ? everyTenant(principal) : principal.tenant.id,
      extension_id:
        extensionId === undefined ? undefined : registryIdOf(ports.registry, principal, extensionId, tenants),
      request_id: request,
      min_level: level,
      text,
    },
    { after: lastPosition(context), signal },
  );
  const frames = counted(opened, "ext-debug", ports.metrics.subscribed);
  const stream = new ReadableStream<Uint8Array>({
    // At once, so that the reader knows that the stream is open before the first event comes.
    start: (controller) => controller.enqueue(new TextEncoder().encode(": open\n\n")),
    pull: async (controller) => {
      const next = await frames.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      gone.abort();
      await frames.return();
    },
  });
  return new Response(stream, { headers: HEADERS });
}

function everyTenant({ isOperator }: Principal): undefined {
  if (isOperator) return undefined;
  throw new HostError({
    code: "tenant_mismatch",
    kind: "refused",
    message: "An API key follows its own tenant only.",
  });
}

function registryIdOf(
  registry: Pick<HostPorts["registry"], "resolveInstall" | "listInstalls">,
  { tenant }: Principal,
  ref: string,
  tenants: "all" | undefined,
): string {
  const install =
    registry.resolveInstall(tenant.id, ref) ??
    (tenants === undefined
      ? undefined
      : registry
          .listInstalls()
          .find((each) => [each.registry_id, each.install_id, each.extension_name].includes(ref)));
  if (install !== undefined) return install.registry_id;
  throw new HostError({ code: "not_found", message: "The tenant has no such extension installed." });
}

/** @throws HostError `malformed_request` */
function lastPosition(context: Context): LivePosition | undefined {
  const given = context.req.header("last-event-id");
  if (given === undefined) return undefined;
  const position = positionOf(given);
  if (position === undefined) throw malformed("last-event-id is not an id that this stream gave.");
  return position;
}
