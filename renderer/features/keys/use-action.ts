import { useEffect, useState } from "react";
import { type Action, type ActionState, createAction } from "../../state/keys/action.ts";
import { useStore } from "../../ui/use-store.ts";

/** An action that lives as long as the form it belongs to; leaving the form gives it up. */
export function useAction<Input, Output>(
  perform: (input: Input, signal: AbortSignal) => Promise<Output>,
): readonly [ActionState<Output>, Action<Input, Output>] {
  const [action] = useState(() => createAction(perform));
  useEffect(() => action.cancel, [action]);
  return [useStore(action), action];
}
