import { createTRPCUntypedClient, createWSClient, TRPCClientError, wsLink } from "@trpc/client";
import { z } from "zod";
import { eventPageSchema, RPC_SOCKET_PATH } from "../../core/contract/rpc-socket.ts";

/** What the host tells of a failure, with the status that the same failure has over HTTP. */
const failureSchema = z.object({ httpStatus: z.number() }).loose();

export interface RpcSocket {
  /** The answer, or the failure, as HTTP would carry it. */
  rpc(name: string, input?: unknown): Promise<Response>;
  /** Events of a subscription, one after the other, from after the id given. */
  follow(name: string, input?: unknown, lastEventId?: string): AsyncGenerator<unknown>;
  close(): Promise<void>;
}

/** A page's socket without the page. */
export function openRpcSocket(url: string, token: string): RpcSocket {
  const client = createWSClient({
    url: `${url.replace(/^http/, "ws")}${RPC_SOCKET_PATH}`,
    connectionParams: { token },
  });
  const trpc = createTRPCUntypedClient({ links: [wsLink({ client })] });
  let calls = 0;
  return {
    async rpc(name, input = {}) {
      calls += 1;
      try {
        return Response.json(await trpc.mutation(name, { call: calls, input }));
      } catch (error) {
        if (!(error instanceof TRPCClientError)) throw error;
        const { httpStatus, ...body } = failureSchema.parse(error.data);
        return Response.json(body, { status: httpStatus });
      }
    },
    async *follow(name, input = {}, lastEventId) {
      const given = { input, ...(lastEventId === undefined ? {} : { lastEventId }) };
      for await (const page of trpc.subscription(name, given)) yield* eventPageSchema.parse(page).events;
    },
    close: () => client.close(),
  };
}
