import { lazy, Suspense, useEffect } from "react";
import { prefetchScreens } from "../../screens.ts";
import { Boundary } from "../../ui/boundary.tsx";
import { isMac } from "../../ui/platform.ts";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { ActivityRail } from "./activity-rail.tsx";
import { Banners } from "./banners.tsx";
import { BottomPanelView } from "./bottom-panel.tsx";
import { frameCommands } from "./frame-commands.ts";
import { ScreenOutlet } from "./screen-outlet.tsx";
import { listenForShortcuts } from "./shortcut-listener.ts";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { TourCard } from "./tour-card.tsx";
import "./frame.css";

const loadFinders = async () => ({ default: (await import("./finder-outlet.tsx")).FinderOutlet });
const FinderOutlet = lazy(loadFinders);

/** Bars above and below, the rail, the screen and the panel below it. */
export function Frame({ context }: { readonly context: WindowContext }) {
  const isOpen = useStore(context.bottomPanel.isOpen);
  const isFinding = useStore(context.finders) !== undefined;
  useEffect(() => {
    const unregister = context.commands.register(frameCommands(context));
    // Fetched while nothing else is to do, so that what is typed right after the shortcut goes where it is meant to.
    const whenIdle = requestIdleCallback(
      () =>
        void loadFinders()
          .then(prefetchScreens)
          .catch(() => {}),
    );
    const stopListening = listenForShortcuts(context, isMac);
    return () => {
      cancelIdleCallback(whenIdle);
      stopListening();
      unregister();
    };
  }, [context]);
  return (
    <div className="frame">
      <TopBar context={context} />
      <Banners context={context} />
      <div className="frame-middle">
        <ActivityRail navigation={context.navigation} />
        <div className="frame-panes">
          <Split
            id="frame"
            orientation="vertical"
            storage={context.preferences}
            panelIds={isOpen ? ["screen", "bottom"] : ["screen"]}
          >
            <Panel id="screen" minSize={160}>
              <main className="frame-screen">
                <ScreenOutlet context={context} />
              </main>
            </Panel>
            {isOpen && (
              <>
                <SplitHandle label="Size of the panel below the screen" />
                <Panel id="bottom" defaultSize="28%" minSize={96}>
                  <BottomPanelView context={context} />
                </Panel>
              </>
            )}
          </Split>
        </div>
      </div>
      <StatusBar context={context} />
      <TourCard tour={context.tour} />
      {isFinding && (
        <Boundary fallback={() => null}>
          <Suspense>
            <FinderOutlet context={context} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}
