import type { QuotaFacts, ScopeLimits } from "../policy/index.ts";

type ScopeKey = Pick<ScopeLimits, "scope" | "id">;
type WindowKey = ScopeKey & {
  readonly period: QuotaFacts["windows"][number]["limit"]["period"];
  /** Of the window: a later one begins with nothing set aside. */
  readonly start: string;
};

/** Bytes that running calls were given and have not accounted for, by window. A restart begins without: so do its calls. */
export class EgressReserve {
  readonly #held = new Map<string, number>();
  readonly #calls = new Map<string, number>();

  held(window: WindowKey): number {
    return this.#held.get(windowKey(window)) ?? 0;
  }

  /** Calls that have got their share. Those that hold a slot and wait for it are not among them yet. */
  calls(scope: ScopeKey): number {
    return this.#calls.get(scopeKey(scope)) ?? 0;
  }

  /** Sets aside in every window. @returns gives back; calling it again does nothing */
  take(scopes: readonly ScopeKey[], windows: readonly WindowKey[], bytes: number): () => void {
    const [calls, held] = [scopes.map(scopeKey), windows.map(windowKey)];
    for (const key of calls) add(this.#calls, key, 1);
    for (const key of held) add(this.#held, key, bytes);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const key of calls) add(this.#calls, key, -1);
      for (const key of held) add(this.#held, key, -bytes);
    };
  }
}

/** What is nothing is not kept. */
function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function scopeKey({ scope, id }: ScopeKey): string {
  return `${scope}:${id}`;
}

function windowKey(window: WindowKey): string {
  return `${scopeKey(window)}:${window.period}:${window.start}`;
}
