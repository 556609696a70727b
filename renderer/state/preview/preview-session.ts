import type { PolicyViolation, Preview } from "../../../core/contract/rpc/preview.ts";
import type { RpcClient } from "../../client.ts";
import { failureOf } from "../failure.ts";
import type { Timers } from "../timers.ts";
import type { BridgeEffect, CallAnswer } from "./bridge-state.ts";

/** The host ends a session after an hour. */
const RENEW_MS = 30 * 60_000;

/** A call that the frame asked for. */
export type FrameCall = BridgeEffect & { kind: "call" };

/** Makes a frame's call through the host; nothing when it was given up. */
export async function callThrough(
  client: Pick<RpcClient, "call">,
  token: string,
  { route, method, bodyB64 }: FrameCall,
  signal: AbortSignal,
): Promise<CallAnswer | undefined> {
  try {
    const { status, body_b64, duration_ms, execution_id, error } = await client.call(
      "preview.proxy",
      {
        token,
        route,
        // The bridge lets through the methods of the contract alone.
        method: method as "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
        ...(bodyB64 === undefined ? {} : { body_b64: bodyB64 }),
      },
      signal,
    );
    return { ok: true, status, bodyB64: body_b64, durationMs: duration_ms, executionId: execution_id, error };
  } catch (error) {
    if (signal.aborted) return undefined;
    const { code, message } = failureOf(error);
    return { ok: false, error: { code, message } };
  }
}

/** What the browser reports of the frame's policy, until the answer is called. */
export function followViolations(
  client: Pick<RpcClient, "subscribe">,
  token: string,
  onViolation: (violation: PolicyViolation) => void,
): () => void {
  return client.subscribe(
    "preview.violations",
    { token },
    { onEvent: onViolation, onState: () => undefined },
  );
}

/** Renews the session before it ends, until the answer is called. */
export function renewRegularly(
  client: Pick<RpcClient, "call">,
  timers: Timers,
  token: string,
  onRenewed: (session: Preview["session"]) => void,
): () => void {
  let stop = (): void => undefined;
  const later = (): void => {
    stop = timers.after(RENEW_MS, () => {
      void client
        .call("preview.renew", { token })
        .then(onRenewed)
        .catch(() => undefined);
      later();
    });
  };
  later();
  return () => stop();
}
