import { useEffect, useState } from "react";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { findableEverything } from "./findable-everything.ts";
import { FinderDialog } from "./finder.tsx";

const MOST_EXECUTIONS = 20;
const LONGEST_QUERY = 256;

/** Extensions, endpoints, commands, executions by request id, settings. */
export function SearchFinder({ context }: { readonly context: WindowContext }) {
  const { client, state } = context;
  const [query, setQuery] = useState("");
  const [executions, setExecutions] = useState<readonly ExecutionRecord[]>([]);
  useStore(state.extensions);
  useEffect(() => {
    const stop = new AbortController();
    const filter = { text: query.trim().slice(0, LONGEST_QUERY), limit: MOST_EXECUTIONS };
    client.call("executions.list", filter, stop.signal).then(
      ({ items }) => setExecutions(items),
      () => {}, // What is known stays; the frame says when the host is gone.
    );
    return () => stop.abort();
  }, [client, query]);
  return (
    <FinderDialog
      label="Search"
      placeholder="Search extensions, endpoints, commands, request ids, settings"
      items={findableEverything(context, executions)}
      onQuery={setQuery}
      onClose={context.finders.close}
    />
  );
}
