import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { ActivityRail } from "./activity-rail.tsx";
import { Banners } from "./banners.tsx";
import { BottomPanelView } from "./bottom-panel.tsx";
import { ScreenOutlet } from "./screen-outlet.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import "./frame.css";

/** Bars above and below, the rail, the screen and the panel below it. */
export function Frame({ context }: { readonly context: WindowContext }) {
  const isOpen = useStore(context.bottomPanel.isOpen);
  return (
    <div className="frame">
      <TopBar context={context} />
      <Banners state={context.state} />
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
    </div>
  );
}
