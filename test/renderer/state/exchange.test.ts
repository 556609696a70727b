import { describe, expect, it } from "vitest";
import { NO_USAGE } from "../../../core/contract/execute.ts";
import { createExchange } from "../../../renderer/state/exchange.ts";
import { unreachable } from "../../../renderer/state/failure.ts";
import type { GatewayAnswer } from "../../../renderer/state/host-api.ts";
import type { PreparedRequest } from "../../../renderer/state/request-draft.ts";

const request: PreparedRequest = { method: "GET", path: "/", headers: [] };
const answer: GatewayAnswer = {
  status: 200,
  headers: [],
  body: new Uint8Array(),
  request_id: "r1",
  usage: NO_USAGE,
  trace: [],
};

/** A host that answers when the test says so, and stops waiting when it is told to. */
function pendingHost() {
  const calls: { signal: AbortSignal; answer: (value: GatewayAnswer) => void }[] = [];
  const send = (_install: string, _request: PreparedRequest, signal: AbortSignal): Promise<GatewayAnswer> =>
    new Promise((resolve, reject) => {
      calls.push({ signal, answer: resolve });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { calls, send };
}

describe("an exchange", () => {
  it("shows the answer beside what was really sent", async () => {
    const exchange = createExchange({ send: async () => answer });
    await exchange.send("install-1", request);
    expect(exchange.get()).toEqual({ phase: "answered", sent: request, answer });
  });

  it("shows why there is no answer", async () => {
    const exchange = createExchange({ send: () => Promise.reject(unreachable()) });
    await exchange.send("install-1", request);
    expect(exchange.get()).toMatchObject({ phase: "failed", failure: { code: "host_unreachable" } });
  });

  it("stops waiting when cancelled and ignores what arrives afterwards", async () => {
    const host = pendingHost();
    const exchange = createExchange(host);
    const sending = exchange.send("install-1", request);
    exchange.cancel();
    await sending;
    expect(host.calls[0]?.signal.aborted).toBe(true);
    expect(exchange.get()).toEqual({ phase: "cancelled", sent: request });
  });

  it("shows only the newest of two requests", async () => {
    const host = pendingHost();
    const exchange = createExchange(host);
    const first = exchange.send("install-1", request);
    const second = exchange.send("install-1", { ...request, path: "/second" });
    host.calls[1]?.answer(answer);
    await Promise.all([first, second]);
    expect(host.calls[0]?.signal.aborted).toBe(true);
    expect(exchange.get()).toMatchObject({ phase: "answered", sent: { path: "/second" } });
  });

  it("leaves an answer alone that is already there when cancelled", async () => {
    const exchange = createExchange({ send: async () => answer });
    await exchange.send("install-1", request);
    exchange.cancel();
    expect(exchange.get().phase).toBe("answered");
  });
});
