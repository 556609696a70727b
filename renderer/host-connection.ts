import {
  createTRPCUntypedClient,
  createWSClient,
  TRPCClientError,
  type TRPCWebSocketClient,
  wsLink,
} from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import type { HostAddress } from "../core/contract/host-address.ts";
import {
  CANCEL_PATH,
  CLOSE_UNAUTHENTICATED,
  MAX_CALL_BYTES,
  RPC_SOCKET_PATH,
} from "../core/contract/rpc-socket.ts";
import { answerLost, callTooLarge, refusalOf, unauthorised, unreachable } from "./state/failure.ts";
import { createStore, type Readable } from "./state/store.ts";

/** First pause before a lost connection is opened again; doubled on each failure up to the longest. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
/** A quiet host is asked whether it lives, and given up when it does not say so. */
const PING_MS = 15_000;
const PONG_WAIT_MS = 10_000;

/** `lost` whenever there was a host and is none, however often it is tried; `refused`: it does not take our token. */
export type ConnectionPhase = "connecting" | "connected" | "lost" | "refused";

/** What happens to one subscription. */
export interface EventObserver {
  onStarted(): void;
  onData(page: unknown): void;
  /** By itself or by a failure; a lost connection is no end, it begins again. */
  onEnd(): void;
}

/** The page's one WebSocket to its host. Opens at once, and again whenever it is lost. */
export interface HostConnection {
  readonly phase: Readable<ConnectionPhase>;
  /**
   * Asks once. What was not sent when the connection is lost is not sent later, and what was sent is not sent again: the
   * host may have done it. @throws ClientError, or the signal's own reason
   */
  call(path: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** Resumes after the last page by itself when the connection was lost; the answer ends it. */
  subscribe(
    path: string,
    input: { input: unknown; lastEventId?: string },
    observer: EventObserver,
  ): () => void;
  /** Connects anew with the token that `address` now answers. */
  reopen(): void;
  close(): void;
}

export interface HostConnectionOptions {
  /** Asked again for every connection: a desktop shell knows a restarted host's token. */
  address(): Promise<HostAddress>;
  /** Default: the browser's. */
  readonly WebSocket?: typeof WebSocket;
}

export function createHostConnection({ address, WebSocket }: HostConnectionOptions): HostConnection {
  const phase = createStore<ConnectionPhase>("connecting");
  let calls = 0;
  let refusedToken: string | undefined;
  let link = open();

  function open() {
    let token = "";
    const socket = createWSClient({
      url: async () => `${(await address()).url.replace(/^http/, "ws")}${RPC_SOCKET_PATH}`,
      connectionParams: async () => {
        ({ token } = await address());
        return { token };
      },
      retryDelayMs: (attempt) => Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS),
      keepAlive: { enabled: true, intervalMs: PING_MS, pongTimeoutMs: PONG_WAIT_MS },
      onClose: (cause) => {
        if (cause?.code === CLOSE_UNAUTHENTICATED && link.socket === socket) refuse(socket, token);
      },
      ...(WebSocket ? { WebSocket } : {}),
    });
    const watching = socket.connectionState.subscribe({
      next: ({ state, error }) => {
        if (state === "pending") phase.set("connected");
        else if (state === "connecting" && error) phase.set("lost");
      },
    });
    return { socket, watching, trpc: createTRPCUntypedClient({ links: [wsLink({ client: socket })] }) };
  }

  function shut(): void {
    link.watching.unsubscribe();
    void link.socket.close();
  }

  /** Asking again would not help, except with another token. */
  function refuse(socket: TRPCWebSocketClient, token: string): void {
    refusedToken = token;
    phase.set("refused");
    void socket.close();
    void address().then((now) => {
      if (phase.get() === "refused" && now.token !== refusedToken) reopen();
    });
  }

  function reopen(): void {
    shut();
    link = open();
    phase.set("connecting");
  }

  return {
    phase,
    async call(path, input, signal) {
      signal?.throwIfAborted();
      if (phase.get() === "refused") throw unauthorised();
      if (phase.get() === "lost") throw unreachable();
      calls += 1;
      const envelope = { call: calls, input };
      if (JSON.stringify(envelope).length > MAX_CALL_BYTES) throw callTooLarge(MAX_CALL_BYTES);
      const { socket, trpc } = link;
      const giveUp = new AbortController();
      const cancel = (): void => giveUp.abort();
      signal?.addEventListener("abort", cancel);
      // Takes what waits to be sent back; what was sent has failed already.
      const stopWatching = phase.subscribe(() => {
        if (phase.get() === "lost" || phase.get() === "refused") giveUp.abort();
      });
      try {
        return await trpc.mutation(path, envelope, { signal: giveUp.signal });
      } catch (error) {
        if (signal?.aborted && phase.get() === "connected") {
          trpc.mutation(CANCEL_PATH, { call: envelope.call }).catch(() => undefined);
        }
        signal?.throwIfAborted();
        if (!isAnswer(error)) await whenClosed(socket);
        throw clientErrorOf(error, phase.get());
      } finally {
        stopWatching();
        signal?.removeEventListener("abort", cancel);
      }
    },

    subscribe(path, input, { onStarted, onData, onEnd }) {
      const { unsubscribe } = link.trpc.subscription(path, input, {
        onStarted,
        onData,
        onError: onEnd,
        onComplete: onEnd,
      });
      return unsubscribe;
    },
    reopen,
    close: shut,
  };
}

/** A socket that is closing fails its calls before it says why; afterwards the phase does. */
function whenClosed({ connection }: TRPCWebSocketClient): Promise<void> {
  return new Promise((resolve) => {
    const ws = connection?.ws;
    if (!ws || ws.readyState !== ws.CLOSING) resolve();
    else ws.addEventListener("close", () => resolve(), { once: true });
  });
}

function isAnswer(error: unknown): error is TRPCClientError<AnyRouter> {
  return error instanceof TRPCClientError && error.data !== undefined && error.data !== null;
}

function clientErrorOf(error: unknown, phase: ConnectionPhase): Error {
  // The host closes before it does anything for a token that is not its own.
  if (phase === "refused") return unauthorised(error);
  if (isAnswer(error)) return refusalOf(error.data);
  if (!(error instanceof TRPCClientError)) return answerLost(error);
  return isTakenBack(error) ? unreachable(error) : answerLost(error);
}

function isTakenBack({ cause }: Error): boolean {
  return cause instanceof Error && cause.name === "AbortError";
}
