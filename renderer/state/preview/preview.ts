import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { HostMessage } from "../../../core/contract/preview-bridge.ts";
import type { PolicyViolation, Preview, PreviewPersona } from "../../../core/contract/rpc/preview.ts";
import type { RpcClient } from "../../client.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";
import type { Timers } from "../timers.ts";
import { bridgeStep } from "./bridge.ts";
import {
  type BootstrapFacts,
  type BridgeEffect,
  type BridgeEvent,
  type BridgeState,
  closedBridge,
} from "./bridge-state.ts";
import { callThrough, type FrameCall, followViolations, renewRegularly } from "./preview-session.ts";
import type { PreviewChoice, PreviewSettings } from "./preview-settings.ts";
import { themeTokens } from "./theme-tokens.ts";

/** A page that loads its scripts and says nothing for so long is named as silent. */
const READY_WAIT_MS = 5_000;
const KEPT_VIOLATIONS = 200;
/** A screen that is drawn for every message of a flood would freeze: it is told this often. */
const TELL_EVERY_MS = 50;

/** The frame element as the state needs it. */
export interface FramePort {
  post(message: HostMessage, targetOrigin: string): void;
}

export interface PreviewFrame {
  /** Grows by one whenever the frame must be another one. */
  readonly key: number;
  readonly url: string;
  readonly sandbox: string;
}

export interface PreviewView {
  readonly phase: "idle" | "opening" | "open" | "failed";
  readonly preview: Preview | undefined;
  readonly failure: ClientFailure | undefined;
  /** `undefined`: no frame is shown, because none is open or because it was taken away. */
  readonly frame: PreviewFrame | undefined;
  readonly violations: readonly PolicyViolation[];
}

export interface PreviewTarget {
  readonly install: Pick<InstalledExtension, "install_id" | "content_hash" | "enabled">;
  readonly tenantId: string | undefined;
  readonly persona: PreviewPersona | undefined;
}

export interface PreviewState {
  readonly view: Readable<PreviewView>;
  readonly bridge: Readable<BridgeState>;
  /** Shows this; what is shown already is left alone. */
  show(target: PreviewTarget | undefined): void;
  /** Opens again, whatever is shown. */
  reload(): void;
  attach(port: FramePort | undefined): void;
  frameLoaded(): void;
  receive(message: { readonly isFrame: boolean; readonly origin: string; readonly data: unknown }): void;
  /** This page's policy refused an address to the frame. */
  blocked(address: string): void;
  clear(): void;
  dispose(): void;
}

export interface PreviewOptions {
  readonly client: Pick<RpcClient, "call" | "subscribe">;
  readonly settings: PreviewChoice;
  readonly timers: Timers;
  readonly now: () => number;
  /** Origin of this page. */
  readonly parentOrigin: string;
  /** Called when a frame that was opened says `ready`, with the milliseconds since its opening began. */
  onReady?(preview: Preview, ms: number): void;
}

const CLOSED: PreviewView = {
  phase: "idle",
  preview: undefined,
  failure: undefined,
  frame: undefined,
  violations: [],
};

/** One preview: its session with the host, its frame, and the bridge between them. Knows neither React nor the DOM. */
export function createPreviewState(options: PreviewOptions): PreviewState {
  const { client, settings, timers, now, parentOrigin } = options;
  const view = createStore<PreviewView>(CLOSED);
  /** Ahead of `bridge` by what has happened since the screen was told. */
  let current = closedBridge(settings.get().path);
  const bridge = createStore<BridgeState>(current);
  let isQuiet = true;
  const change = (part: Partial<PreviewView>): void => view.update((shownNow) => ({ ...shownNow, ...part }));
  let target: PreviewTarget | undefined;
  let shown = "";
  let opening: AbortController | undefined;
  let calls = new AbortController();
  let port: FramePort | undefined;
  let frames = 0;
  let openedAt = 0;
  let last = settings.get();
  const ends: (() => void)[] = [];

  /** At once after a quiet time, then together with what follows. */
  function tell(): void {
    if (!isQuiet) return;
    bridge.set(current);
    isQuiet = false;
    timers.after(TELL_EVERY_MS, () => {
      isQuiet = true;
      if (bridge.get() !== current) tell();
    });
  }

  function step(event: BridgeEvent): void {
    const before = current;
    const { state, effects } = bridgeStep(before, event);
    current = state;
    tell();
    for (const effect of effects) carryOut(effect);
    if (state.path !== before.path) settings.set({ path: state.path });
    const { preview } = view.get();
    if (state.phase === "ready" && before.phase !== "ready" && preview)
      options.onReady?.(preview, now() - openedAt);
  }

  function carryOut(effect: BridgeEffect): void {
    switch (effect.kind) {
      case "post":
        // An opaque origin has no name to address; the session that goes with it opens nothing but this preview.
        port?.post(effect.message, current.expectedOrigin === "null" ? "*" : current.expectedOrigin);
        return;
      case "abandon":
        calls.abort();
        calls = new AbortController();
        return;
      case "unload":
        change({ frame: undefined });
        return;
      case "call":
        void call(effect);
    }
  }

  async function call(effect: FrameCall): Promise<void> {
    const { preview } = view.get();
    if (!preview) return;
    const { signal } = calls;
    const answer = await callThrough(client, preview.session.token, effect, signal);
    if (answer) step({ kind: "answered", at: now(), key: effect.key, answer });
  }

  function facts(preview: Preview, { scheme, locale, hook }: PreviewSettings): BootstrapFacts {
    return { session: preview.session, tokens: themeTokens(scheme), locale, hook };
  }

  function end(): void {
    for (const stop of ends.splice(0)) stop();
    opening?.abort();
    const { preview } = view.get();
    if (preview) client.call("preview.close", { token: preview.session.token }).catch(() => undefined);
  }

  async function open(): Promise<void> {
    end();
    const wanted = target;
    if (wanted === undefined) {
      step({ kind: "closed" });
      view.set(CLOSED);
      return;
    }
    const mine = new AbortController();
    opening = mine;
    openedAt = now();
    const chosen = settings.get();
    change({ phase: "opening", failure: undefined });
    try {
      const preview = await client.call(
        "preview.open",
        {
          install: wanted.install.install_id,
          hook: chosen.hook,
          parent_origin: parentOrigin,
          ...(wanted.tenantId === undefined ? {} : { tenant_id: wanted.tenantId }),
          ...(wanted.persona === undefined ? {} : { persona: wanted.persona }),
        },
        mine.signal,
      );
      if (opening !== mine) return;
      const latest = settings.get();
      step({
        kind: "opened",
        at: now(),
        expectedOrigin: latest.sameOrigin ? preview.origin : "null",
        facts: facts(preview, latest),
      });
      frames += 1;
      view.set({
        phase: "open",
        preview,
        failure: undefined,
        frame: { key: frames, url: preview.url, sandbox: sandboxOf(latest.sameOrigin) },
        violations: [],
      });
      const { token } = preview.session;
      ends.push(
        followViolations(client, token, (violation) =>
          change({ violations: [...view.get().violations, violation].slice(-KEPT_VIOLATIONS) }),
        ),
        renewRegularly(client, timers, token, (session) => renewed(token, session)),
      );
    } catch (error) {
      if (opening !== mine) return;
      step({ kind: "closed" });
      view.set({ ...CLOSED, phase: "failed", failure: failureOf(error) });
    }
  }

  function renewed(token: string, session: Preview["session"]): void {
    const { preview } = view.get();
    if (preview?.session.token !== token) return;
    const next = { ...preview, session };
    change({ preview: next });
    step({ kind: "retold", at: now(), facts: facts(next, settings.get()), isThemeNew: false });
  }

  const stopSettings = settings.subscribe(() => {
    const before = last;
    last = settings.get();
    const { preview } = view.get();
    if (before.hook !== last.hook || before.sameOrigin !== last.sameOrigin) {
      if (target) void open();
      return;
    }
    const isThemeNew = before.scheme !== last.scheme;
    if (preview && (isThemeNew || before.locale !== last.locale)) {
      step({ kind: "retold", at: now(), facts: facts(preview, last), isThemeNew });
    }
  });

  return {
    view,
    bridge,
    show(next) {
      const name = JSON.stringify(next ?? null);
      if (name === shown) return;
      shown = name;
      target = next;
      void open();
    },
    reload: () => void open(),
    attach(next) {
      port = next;
    },
    frameLoaded() {
      step({ kind: "loaded", at: now() });
      if (current.phase !== "loaded") return;
      ends.push(timers.after(READY_WAIT_MS, () => step({ kind: "waited", at: now() })));
    },
    receive: (message) => step({ kind: "message", at: now(), ...message }),
    blocked: (address) => step({ kind: "blocked", at: now(), address: address.slice(0, 300) }),
    clear: () => step({ kind: "cleared" }),
    dispose() {
      stopSettings();
      target = undefined;
      shown = "";
      end();
      step({ kind: "closed" });
    },
  };
}

function sandboxOf(sameOrigin: boolean): string {
  return sameOrigin ? "allow-scripts allow-forms allow-same-origin" : "allow-scripts allow-forms";
}
