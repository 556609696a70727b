import { IconAlertTriangle, IconPlugConnectedX, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { unauthorised, unreachable } from "../../state/failure.ts";
import { Button } from "../../ui/button.tsx";
import { Prose } from "../../ui/prose.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { TokenForm } from "./token-form.tsx";
import "./banners.css";

const HIDDEN_KEY = "workbench.hidden-notices";

/** What must not be missed: the host is gone, a key that nobody chose is trusted, signatures are not enforced, … */
export function Banners({ context: { state, session, reconnect } }: { readonly context: WindowContext }) {
  const host = useStore(state.host);
  const connection = useStore(state.connection);
  // By its words: a warning that says something else comes again. In this tab only.
  const [hidden, setHidden] = useState(() => session.getItem(HIDDEN_KEY)?.split("\n") ?? []);
  const failure =
    connection === "refused"
      ? unauthorised().failure
      : connection === "lost"
        ? unreachable().failure
        : host.failure;
  const hide = (message: string): void => {
    const next = [...hidden, message];
    session.setItem(HIDDEN_KEY, next.join("\n"));
    setHidden(next);
  };
  const warnings = host.data?.warnings.filter(({ message }) => !hidden.includes(message)) ?? [];
  return (
    <aside aria-label="Notices">
      {failure && (
        <Banner
          tone="bad"
          role="alert"
          icon={<IconPlugConnectedX size={16} aria-hidden />}
          action={connection === "refused" && reconnect && <TokenForm onAddress={reconnect} />}
        >
          <strong>{failure.message}</strong> {failure.hint && <Prose text={failure.hint} />}{" "}
          <code>{failure.code}</code>
        </Banner>
      )}
      {warnings.map(({ message, hint }) => (
        <Banner
          key={message}
          tone="warn"
          role="note"
          icon={<IconAlertTriangle size={16} aria-hidden />}
          action={
            <Button look="quiet" onClick={() => hide(message)}>
              <IconX size={14} aria-hidden /> Hide
              <span className="visually-hidden">this notice until the next visit</span>
            </Button>
          }
        >
          <strong>{message}</strong> {hint && <Prose text={hint} />}
        </Banner>
      ))}
    </aside>
  );
}

interface BannerProps {
  readonly tone: "bad" | "warn";
  readonly role: "alert" | "note";
  readonly icon: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Banner({ tone, role, icon, action, children }: BannerProps) {
  return (
    <div className={`banner banner-${tone}`} role={role}>
      {icon}
      <p>{children}</p>
      {action}
    </div>
  );
}
