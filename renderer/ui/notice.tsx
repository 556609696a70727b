import type { ReactNode } from "react";
import type { ClientFailure } from "../state/failure.ts";
import { Prose } from "./prose.tsx";
import "./notice.css";

export interface NoticeProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly tone?: "plain" | "warn" | "bad";
}

/** What stands where data would be: one sentence, and what to do about it. */
export function Notice({ title, children, tone = "plain" }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`}>
      <p className="notice-title">{title}</p>
      {children}
    </div>
  );
}

export function FailureNotice({
  failure,
  children,
}: {
  readonly failure: ClientFailure;
  readonly children?: ReactNode;
}) {
  return (
    <div role="alert">
      <Notice tone="bad" title={`✕ ${failure.message}`}>
        {failure.hint && (
          <p>
            <Prose text={failure.hint} />
          </p>
        )}
        <p>
          <code>{failure.code}</code>
        </p>
        {failure.details && <Details details={failure.details} />}
        {children}
      </Notice>
    </div>
  );
}

/** Expected, actual, where: as the host said it. */
function Details({ details }: { readonly details: Readonly<Record<string, unknown>> }) {
  return (
    <dl className="notice-details mono">
      {Object.entries(details).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt> <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
