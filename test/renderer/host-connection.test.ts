import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { createRpcClient } from "../../renderer/client.ts";
import type { HostConnection } from "../../renderer/host-connection.ts";
import { ClientError } from "../../renderer/state/failure.ts";
import { installOfTest } from "./installs.ts";
import { connectTo, startLiveHost } from "./live-host.ts";
import { createManualTimers } from "./timers.ts";

const clientOf = (connection: HostConnection) => createRpcClient(connection, createManualTimers());

const failureOf = (calling: Promise<unknown>) =>
  calling.then(
    () => undefined,
    (error: unknown) => (error instanceof ClientError ? error.failure : error),
  );

const phaseIs = (connection: HostConnection, phase: string) =>
  vi.waitFor(() => expect(connection.phase.get()).toBe(phase), { timeout: 10_000 });

describe("the page's connection", () => {
  it("asks for what it is given before it stands, and carries the host's refusals whole", async () => {
    const refusal = new WorkbenchError({
      code: "install_not_found",
      message: "No such install.",
      hint: "Look.",
      details: { expected: "one", actual: "none" },
    });
    const host = await startLiveHost({
      handlers: {
        "installs.list": () => {
          throw refusal;
        },
      },
    });
    expect(await failureOf(clientOf(connectTo(host)).call("installs.list", {}))).toEqual({
      kind: "refused",
      ...refusal.toJSON(),
    });
  });

  it("says so when nobody listens, at once and again", async () => {
    const host = await startLiveHost();
    await host.stop();
    const connection = connectTo(host);
    const client = clientOf(connection);
    for (const _ of [1, 2]) {
      expect(await failureOf(client.call("state", {}))).toMatchObject({
        kind: "unreachable",
        code: "host_unreachable",
      });
    }
    expect(connection.phase.get()).toBe("lost");
  });

  it("stops asking a host that refuses the token, until it has another", async () => {
    const host = await startLiveHost({ handlers: { "installs.list": () => ({ items: [] }) } });
    const address = { token: "of-an-earlier-host" };
    const connection = connectTo(host, address);
    const client = clientOf(connection);
    expect(await failureOf(client.call("installs.list", {}))).toMatchObject({ kind: "unauthorised" });
    expect(connection.phase.get()).toBe("refused");
    expect(await failureOf(client.call("installs.list", {}))).toMatchObject({ kind: "unauthorised" });
    address.token = "token-of-the-live-host";
    connection.reopen();
    expect(await client.call("installs.list", {})).toEqual({ items: [] });
  });

  it("tells a refused token from a lost connection whenever the refusal comes", async () => {
    const host = await startLiveHost();
    for (let time = 0; time < 50; time += 1) {
      const connection = connectTo(host, { token: "of-an-earlier-host" });
      expect(await failureOf(clientOf(connection).call("state", {}))).toMatchObject({ kind: "unauthorised" });
      expect(connection.phase.get()).toBe("refused");
    }
  });

  it("takes another token by itself where the shell knows one", async () => {
    const tokens = ["of-an-earlier-host", "token-of-the-live-host"];
    const host = await startLiveHost({ handlers: { "installs.list": () => ({ items: [] }) } });
    const address = {
      asked: 0,
      get token() {
        // The address and the token are asked for once each for one connection.
        this.asked += 1;
        return tokens[this.asked <= 2 ? 0 : 1] ?? "";
      },
    };
    const connection = connectTo(host, address);
    await phaseIs(connection, "connected");
    await vi.waitFor(async () =>
      expect(await clientOf(connection).call("installs.list", {})).toEqual({ items: [] }),
    );
  });

  it("fails what was under way when the host goes, sends it to no later one, and works with that one", async () => {
    const asked: string[] = [];
    const started = Promise.withResolvers<void>();
    const host = await startLiveHost({
      handlers: {
        "project.forget": ({ dir }, { signal }) => {
          asked.push(`old ${dir}`);
          started.resolve();
          return new Promise((_, reject) => signal.addEventListener("abort", reject));
        },
      },
    });
    // Dies without a word, as a killed process does: its sockets end.
    const proxy = await createProxy(host.port);
    const connection = connectTo(proxy);
    const client = clientOf(connection);
    const sent = failureOf(client.call("project.forget", { dir: "/sent" }));
    await started.promise;
    proxy.cut();
    expect(await sent).toMatchObject({ kind: "unreachable", code: "answer_lost" });
    expect(await failureOf(client.call("project.forget", { dir: "/unsent" }))).toMatchObject({
      code: "host_unreachable",
    });
    const next = await startLiveHost({
      handlers: {
        "project.forget": ({ dir }) => {
          asked.push(`new ${dir}`);
          return {};
        },
      },
    });
    proxy.mend(next.port);
    await phaseIs(connection, "connected");
    await client.call("project.forget", { dir: "/after" });
    expect(asked).toEqual(["old /sent", "new /after"]);
  });

  it("cancels at the host what is given up here, and rejects with the signal's own reason", async () => {
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const host = await startLiveHost({
      handlers: {
        state: (_input, { signal }) => {
          started.resolve();
          return new Promise((_, reject) =>
            signal.addEventListener("abort", () => {
              aborted.resolve();
              reject(signal.reason);
            }),
          );
        },
        "installs.list": () => ({ items: [installOfTest()] }),
      },
    });
    const client = clientOf(connectTo(host));
    const stop = new AbortController();
    const calling = failureOf(client.call("state", {}, stop.signal));
    await started.promise;
    const reason = new Error("cancelled by the user");
    stop.abort(reason);
    expect(await calling).toBe(reason);
    await aborted.promise;
    expect(await client.call("installs.list", {})).toEqual({ items: [installOfTest()] });
    expect(await failureOf(client.call("state", {}, AbortSignal.abort(reason)))).toBe(reason);
  });

  it("does not send what is too large for one call", async () => {
    const host = await startLiveHost();
    const body_b64 = "A".repeat(16 * 2 ** 20);
    const client = clientOf(connectTo(host));
    expect(
      await failureOf(client.call("invoke", { install: "a", method: "POST", path: "/", body_b64 })),
    ).toMatchObject({ kind: "refused", code: "request_too_large" });
  });

  it.each([{}, { items: [{ install_id: 7 }] }, "text"])("does not take %j for an answer", async (answer) => {
    const connection: HostConnection = { ...connectTo(await startLiveHost()), call: async () => answer };
    expect(await failureOf(clientOf(connection).call("installs.list", {}))).toMatchObject({
      kind: "contract",
    });
  });
});

/** A port of its own in front of a host, which can be cut as a crash cuts and joined to another host. */
async function createProxy(target: number) {
  let to: number | undefined = target;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    if (to === undefined) return void incoming.destroy();
    const outgoing = connect(to, "127.0.0.1");
    for (const [from, into] of [[incoming, outgoing] as const, [outgoing, incoming] as const]) {
      sockets.add(from);
      from.on("error", () => into.destroy());
      from.on("close", () => into.destroy());
      from.pipe(into);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const cut = (): void => {
    to = undefined;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    cut,
    mend(next: number) {
      to = next;
    },
  };
}
