import { z } from "zod";
import type { RpcClient } from "./client.ts";
import type { HostApi } from "./state/host-api.ts";

/** Lines of the past that the page shows when it is opened. */
const PAST_LOG_LINES = 200;

/** What the state needs of the host, over the contract's procedures. */
export function createHostApi(client: RpcClient): HostApi {
  return {
    host: (signal) => client.call("state", {}, signal),
    extensions: async (signal) => (await client.call("installs.list", {}, signal)).items,

    async send(installId, { body, ...request }, signal) {
      const answer = await client.call(
        "invoke",
        {
          install: installId,
          method: request.method,
          path: request.path,
          headers: [...request.headers],
          ...(request.caller === undefined ? {} : { tenant_id: request.caller.tenantId }),
          ...(request.caller?.personaId === undefined ? {} : { persona_id: request.caller.personaId }),
          ...(body === undefined ? {} : { body_b64: base64Of(body) }),
        },
        signal,
      );
      const { body_b64, ...rest } = answer;
      return { ...rest, body: z.util.base64ToUint8Array(body_b64) };
    },

    followLog: (onEvent, onState) =>
      client.subscribe(
        "logs.tail",
        {},
        {
          onEvent,
          onState,
          async prepare(signal) {
            const { items } = await client.call("logs.query", { limit: PAST_LOG_LINES }, signal);
            for (const item of items) onEvent(item);
            // From the last line on: nothing that is written between the two calls is missed.
            return String(items.at(-1)?.id ?? 0);
          },
        },
      ),
  };
}

function base64Of(text: string): string {
  return z.util.uint8ArrayToBase64(new TextEncoder().encode(text));
}
