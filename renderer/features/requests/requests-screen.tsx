import type { ScreenProps } from "../../window-context.ts";
import { ExtensionPane } from "../extensions/extension-pane.tsx";
import { RequestPane } from "./request-pane.tsx";
import { ResponsePane } from "./response-pane.tsx";
import "./requests-screen.css";

/** Call an installed extension and see everything about its answer. */
export function RequestsScreen({ context: { state } }: ScreenProps) {
  return (
    <div className="request-panes">
      <ExtensionPane state={state} />
      <RequestPane state={state} />
      <ResponsePane state={state} />
    </div>
  );
}
