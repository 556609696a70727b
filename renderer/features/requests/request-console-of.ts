import { createCollections } from "../../state/requests/collections.ts";
import { createRequestHistory } from "../../state/requests/history.ts";
import { createRequestConsole, type RequestConsole } from "../../state/requests/request-console.ts";
import { createVariableBook } from "../../state/requests/variables.ts";
import type { WindowContext } from "../../window-context.ts";
import { createIndexedHistory } from "./indexed-history.ts";

const consoles = new WeakMap<WindowContext, RequestConsole>();

/** The window's one request console. It outlives its screen: an answer may come while another one is looked at. */
export function requestConsoleOf(context: WindowContext): RequestConsole {
  const known = consoles.get(context);
  if (known) return known;
  const history = createRequestHistory(createIndexedHistory());
  const made = createRequestConsole({
    state: context.state,
    caller: context.caller,
    project: context.project,
    variables: createVariableBook(context.preferences),
    history,
    collections: createCollections(context.client),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
  });
  void history.load();
  consoles.set(context, made);
  return made;
}
