import { createReproductionDesk, type ReproductionDesk } from "../../state/requests/reproduction-desk.ts";
import type { WindowContext } from "../../window-context.ts";

const desks = new WeakMap<WindowContext, ReproductionDesk>();

/** The window's one desk for reproduction files: what it says stays when another screen is looked at. */
export function reproductionDeskOf(context: WindowContext): ReproductionDesk {
  const known = desks.get(context);
  if (known) return known;
  const made = createReproductionDesk({
    state: context.state,
    caller: context.caller,
    read: (source) => context.client.call("reproduction.read", source),
  });
  desks.set(context, made);
  return made;
}
