import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { unauthorised, unreachable } from "../../state/failure.ts";
import type { WorkbenchState } from "../../state/workbench.ts";
import { Prose } from "../../ui/prose.tsx";
import { useStore } from "../../ui/use-store.ts";
import "./banners.css";

/** What must not be missed: the host is gone, a key that nobody chose is trusted, signatures are not enforced, … */
export function Banners({ state }: { readonly state: WorkbenchState }) {
  const host = useStore(state.host);
  const connection = useStore(state.connection);
  const failure =
    connection === "refused"
      ? unauthorised().failure
      : connection === "lost"
        ? unreachable().failure
        : host.failure;
  return (
    <aside aria-label="Notices">
      {failure && (
        <Banner tone="bad" role="alert" icon={<IconPlugConnectedX size={16} aria-hidden />}>
          <strong>{failure.message}</strong> {failure.hint && <Prose text={failure.hint} />}{" "}
          <code>{failure.code}</code>
        </Banner>
      )}
      {host.data?.warnings.map(({ code, message, hint }) => (
        <Banner key={code} tone="warn" role="note" icon={<IconAlertTriangle size={16} aria-hidden />}>
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
  readonly children: ReactNode;
}

function Banner({ tone, role, icon, children }: BannerProps) {
  return (
    <p className={`banner banner-${tone}`} role={role}>
      {icon}
      <span>{children}</span>
    </p>
  );
}
