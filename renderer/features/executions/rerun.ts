import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { draftOf } from "../../state/drafts.ts";
import { METHODS } from "../../state/request-draft.ts";
import type { WindowContext } from "../../window-context.ts";
import { requestConsoleOf } from "../requests/request-console-of.ts";

/**
 * Sends a call again. One that was not sent from this browser is only put into the form, with method and path: nothing
 * else of it was recorded, and half a request is for its author to complete.
 */
export function rerun(execution: ExecutionRecord, context: WindowContext): void {
  const console = requestConsoleOf(context);
  const kept = console.history.byRequestId(execution.request_id);
  const previous = draftOf(context.state.drafts.get(), execution.install_id);
  const method = METHODS.find((one) => one === execution.method) ?? previous.method;
  const draft = kept?.draft ?? { ...previous, method, path: execution.path, params: {} };
  const isThere = console.reopen({ install_id: execution.install_id, draft });
  if (isThere && kept) console.send();
  context.navigation.go("requests");
}
