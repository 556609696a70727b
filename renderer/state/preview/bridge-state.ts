import type { CONSOLE_LEVELS, HostMessage } from "../../../core/contract/preview-bridge.ts";

/** Messages a second that a frame may send for long, and at once. Pages that animate their height stay below. */
export const MESSAGES_PER_SECOND = 60;
export const MESSAGE_BURST = 120;
/** Dropped messages of one load after which the frame is taken away: it costs this page its time. */
export const FLOOD_LIMIT = 1_000;
/** Calls of a frame that may be under way at once. */
export const MAX_PENDING_CALLS = 16;
/** Characters of base64 of one call's body: 10 MiB decoded, the gateway's default cap. */
export const MAX_CALL_BODY_CHARACTERS = 14 * 1024 * 1024;
export const KEPT_ENTRIES = 500;
export const KEPT_CALLS = 200;
export const KEPT_LINES = 500;

export type RefusalCode =
  | "wrong_source"
  | "wrong_origin"
  | "bad_envelope"
  | "unknown_type"
  | "bad_payload"
  | "rate_limited"
  | "too_many_calls"
  | "body_too_large"
  | "frame_suspended";

/** One message as the inspector shows it. */
export interface BridgeEntry {
  readonly key: number;
  /** ISO 8601. */
  readonly at: string;
  readonly direction: "in" | "out";
  /** Of the sender, as the browser says it; of what is sent, whom it is addressed to. */
  readonly origin: string;
  readonly type: string;
  readonly requestId?: string | undefined;
  /** Approximate size. */
  readonly bytes: number;
  readonly verdict: "accepted" | "refused" | "sent" | "note";
  readonly code?: RefusalCode | undefined;
  /** Why it was refused, or what a note says. */
  readonly detail?: string | undefined;
  /** The beginning of the message as JSON. */
  readonly text: string;
}

/** One `apiproxy` call as the network list shows it. */
export interface BridgeCall {
  readonly key: number;
  readonly at: string;
  readonly requestId: string | undefined;
  readonly method: string;
  readonly route: string;
  readonly phase: "pending" | "answered" | "failed";
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly bytes?: number | undefined;
  readonly executionId?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** One line that the page printed, or one error that it did not catch. */
export interface ConsoleLine {
  readonly key: number;
  readonly at: string;
  readonly level: (typeof CONSOLE_LEVELS)[number];
  readonly text: string;
}

/** Why a frame may say nothing more until it is loaded again. */
export interface Suspension {
  readonly code: "navigated_away" | "message_flood" | "blocked_navigation";
  readonly message: string;
}

export interface BootstrapFacts {
  readonly session: { readonly token: string; readonly expires_at: string };
  readonly tokens: Readonly<Record<string, string>>;
  readonly locale: string;
  readonly hook: string;
}

export interface BridgeState {
  /** `silent`: loaded, and did not say `ready` in time. */
  readonly phase: "closed" | "loading" | "loaded" | "silent" | "ready" | "suspended";
  readonly suspension?: Suspension | undefined;
  /** Origin that the frame's messages must come from: `null` when it is sandboxed without its own. */
  readonly expectedOrigin: string;
  readonly facts?: BootstrapFacts | undefined;
  /** Load events since the frame's address was set; more than one is a navigation of the frame's own. */
  readonly loads: number;
  /** What the frame asked for, clamped; `undefined` until it asks. */
  readonly height?: number | undefined;
  /** Where the extension says that it is; kept over reloads. */
  readonly path: string;
  readonly entries: readonly BridgeEntry[];
  readonly calls: readonly BridgeCall[];
  /** Of this load. */
  readonly console: readonly ConsoleLine[];
  readonly counts: {
    readonly received: number;
    readonly sent: number;
    readonly refused: number;
    /** Refused over the rate and not listed one by one, in this load. */
    readonly dropped: number;
  };
  /** Messages that may come now, and when that was reckoned, in milliseconds. */
  readonly allowance: { readonly left: number; readonly atMs: number };
  readonly nextKey: number;
}

export type BridgeEvent =
  | {
      readonly kind: "opened";
      readonly at: number;
      readonly expectedOrigin: string;
      readonly facts: BootstrapFacts;
    }
  | { readonly kind: "loaded"; readonly at: number }
  /** The time in which a frame says `ready` has passed. */
  | { readonly kind: "waited"; readonly at: number }
  /** This page's own policy refused where the frame wanted to go. */
  | { readonly kind: "blocked"; readonly at: number; readonly address: string }
  | {
      readonly kind: "message";
      readonly at: number;
      /** The sender is the frame itself, not a frame in it nor another window. */
      readonly isFrame: boolean;
      readonly origin: string;
      readonly data: unknown;
    }
  | {
      readonly kind: "answered";
      readonly at: number;
      readonly key: number;
      readonly answer: CallAnswer;
    }
  | {
      readonly kind: "retold";
      readonly at: number;
      readonly facts: BootstrapFacts;
      readonly isThemeNew: boolean;
    }
  | { readonly kind: "closed" }
  | { readonly kind: "cleared" };

export type CallAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly bodyB64: string;
      readonly durationMs: number;
      readonly executionId?: string | undefined;
      readonly error?: { readonly code: string; readonly message: string } | undefined;
    }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** What the state wants done; it does nothing itself. */
export type BridgeEffect =
  | { readonly kind: "post"; readonly message: HostMessage }
  | {
      readonly kind: "call";
      readonly key: number;
      readonly route: string;
      readonly method: string;
      readonly bodyB64?: string | undefined;
    }
  /** Gives up every call under way: nobody waits for its answer any more. */
  | { readonly kind: "abandon" }
  /** Takes the frame's page away. */
  | { readonly kind: "unload" };

export interface BridgeStep {
  readonly state: BridgeState;
  readonly effects: readonly BridgeEffect[];
}

export function closedBridge(path = "/"): BridgeState {
  return {
    phase: "closed",
    expectedOrigin: "null",
    loads: 0,
    path,
    entries: [],
    calls: [],
    console: [],
    counts: { received: 0, sent: 0, refused: 0, dropped: 0 },
    allowance: { left: MESSAGE_BURST, atMs: 0 },
    nextKey: 1,
  };
}
