import { z } from "zod";
import { type HostAddress, hostAddressSchema } from "../core/contract/host-address.ts";
import type { TextStorage } from "./state/text-storage.ts";

const FRAGMENT = /^#token=([A-Za-z0-9._~-]{1,512})$/;
const TOKEN_KEY = "workbench.token";

/** The parts of the browser that finding the host needs. */
export interface SessionSources {
  /** What the desktop shell's preload put on `window`, if there is a shell. */
  readonly bridge: unknown;
  readonly location: {
    readonly origin: string;
    readonly hash: string;
    readonly pathname: string;
    readonly search: string;
  };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  /** Lives as long as the tab and is not shared with other tabs. */
  readonly storage: TextStorage;
}

const bridgeSchema = z.object({ host: z.custom<() => unknown>((value) => typeof value === "function") });

/**
 * Finds the host: from the desktop shell, or, in a browser, this page's own origin with the token that the opened
 * address carried in its fragment. The fragment is never sent to a server; it is taken out of the address bar and the
 * history at once, and kept for this tab, so that a reload still works. `undefined` when there is no token.
 */
export async function findHost(sources: SessionSources): Promise<HostAddress | undefined> {
  const bridge = bridgeSchema.safeParse(sources.bridge);
  if (bridge.success) return hostAddressSchema.parse(await bridge.data.host());

  const { location, history, storage } = sources;
  const given = FRAGMENT.exec(location.hash)?.[1];
  if (given !== undefined) {
    storage.setItem(TOKEN_KEY, given);
    history.replaceState(null, "", `${location.pathname}${location.search}`);
  }
  const token = given ?? storage.getItem(TOKEN_KEY);
  return token ? { url: location.origin, token } : undefined;
}

const PASTED_TOKEN = /^[A-Za-z0-9._~-]{1,512}$/;

/**
 * Keeps, for this tab, the token in what a person pastes: the address that the host printed, or the token alone.
 * Answers what is wrong with it instead when it holds none for this page's host.
 */
export function keepPastedToken(
  text: string,
  { location, storage }: Pick<SessionSources, "storage"> & { location: { readonly origin: string } },
): string | undefined {
  const pasted = text.trim();
  const address = URL.parse(pasted);
  if (address !== null && address.origin !== location.origin) {
    return `That is the address of another host than ${location.origin}. Open it in a window of its own.`;
  }
  const token =
    address === null ? pasted : (address.searchParams.get("token") ?? address.hash.replace(/^#token=/, ""));
  if (!PASTED_TOKEN.test(token))
    return "There is no token in it. The host printed an address that ends in one.";
  storage.setItem(TOKEN_KEY, token);
  return undefined;
}
