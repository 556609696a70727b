import type { Header } from "../../../core/contract/execute.ts";
import { isForwarded } from "../../../core/contract/forwarded-headers.ts";
import { HeaderTable } from "./header-table.tsx";

export interface SentViewProps {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: string | undefined;
  /** What the handler was given; absent when none was reached. */
  readonly handlerHeaders: readonly Header[] | undefined;
}

/** What really went out, and what of it a handler saw. */
export function SentView({ method, path, headers, body, handlerHeaders }: SentViewProps) {
  const own = new Set(headers.map(({ name }) => name.toLowerCase()));
  return (
    <section aria-label="Sent" className="sent">
      <p className="answer-sent mono">
        {method} {path}
      </p>
      <h3>Headers sent</h3>
      <HeaderTable
        caption="Headers sent"
        headers={headers}
        noteOf={({ name }) => (isForwarded(name) ? "forwarded" : "not forwarded")}
      />
      <h3>Headers that the handler was given</h3>
      {handlerHeaders === undefined ? (
        <p className="dim">No handler was reached.</p>
      ) : (
        <HeaderTable
          caption="Headers that the handler was given"
          headers={handlerHeaders}
          noteOf={({ name }) => (own.has(name) ? "forwarded" : "added by the gateway")}
        />
      )}
      <h3>Body sent</h3>
      {body === undefined ? (
        <p className="dim">None.</p>
      ) : (
        <pre className="answer-body answer-pre">{body}</pre>
      )}
    </section>
  );
}
