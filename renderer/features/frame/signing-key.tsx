import { IconKey } from "@tabler/icons-react";
import type { HostSettings } from "../../../core/contract/rpc/settings.ts";
import { SCREENS } from "../../screens.ts";
import { daysUntil } from "../../ui/format.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

/** Days before a key's end from which on it is said in colour. */
const SOON_DAYS = 30;

/** The key that signs unless another is named, and how long it still does. */
export function SigningKeyPill({ context }: { readonly context: WindowContext }) {
  const key = activeKeyOf(useStore(context.settings).data);
  if (key === undefined) return null;
  const expiry = expiryOf(key);
  return (
    <button
      type="button"
      className="pill pill-key"
      title={`${key.id} · ${key.algorithm} · ${key.subject}`}
      onClick={() => context.navigation.go(SCREENS.has("keys") ? "keys" : "settings", { key: key.id })}
    >
      <IconKey size={14} aria-hidden /> key <strong>{key.id}</strong>
      {expiry && <span className={expiry.className}>{expiry.text}</span>}
    </button>
  );
}

export function activeKeyOf(
  settings: HostSettings | undefined,
): HostSettings["signing_keys"][number] | undefined {
  return settings?.signing_keys.find(({ id }) => id === settings.active_key_id);
}

export function expiryOf({
  not_after,
}: HostSettings["signing_keys"][number]): { readonly text: string; readonly className: string } | undefined {
  if (not_after === null) return undefined;
  const days = daysUntil(not_after, Date.now());
  if (days < 0) return { text: "✕ expired", className: "expiry-bad" };
  return days <= SOON_DAYS
    ? { text: `! ${days} d`, className: "expiry-warn" }
    : { text: `${days} d`, className: "dim" };
}
