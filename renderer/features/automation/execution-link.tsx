import { shortId } from "../../../core/contract/short-id.ts";
import { useAutomation } from "./automation-context.ts";

/** Opens the execution behind a run or an attempt. */
export function ExecutionLink({ id, of }: { readonly id: string | undefined; readonly of: string }) {
  const { context } = useAutomation();
  if (id === undefined) return <span className="dim">none</span>;
  return (
    <button
      type="button"
      className="automation-link mono"
      aria-label={`Open the execution ${of}`}
      onClick={() => context.navigation.go("executions", { execution: id })}
    >
      {shortId(id)}
    </button>
  );
}
