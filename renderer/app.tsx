import { useEffect } from "react";
import { Frame } from "./features/frame/frame.tsx";
import { useStore } from "./ui/use-store.ts";
import { WindowTheme } from "./ui/window-theme.tsx";
import type { WindowContext } from "./window-context.ts";

/** The window: the frame in the user's theme. */
export function App({ context }: { readonly context: WindowContext }) {
  const { state } = context;
  useEffect(() => {
    // Another program (the command line, above all) may have changed what is installed in the meantime.
    window.addEventListener("focus", state.refresh);
    return () => window.removeEventListener("focus", state.refresh);
  }, [state]);
  return (
    <WindowTheme theme={useStore(context.theme)}>
      <Frame context={context} />
    </WindowTheme>
  );
}
