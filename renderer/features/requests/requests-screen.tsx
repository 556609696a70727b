import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import type { ScreenProps, WindowContext } from "../../window-context.ts";
import { ExtensionPane } from "../extensions/extension-pane.tsx";
import { CollectionPane } from "./collection-pane.tsx";
import { HistoryPane } from "./history-pane.tsx";
import { requestConsoleOf } from "./request-console-of.ts";
import { RequestPane } from "./request-pane.tsx";
import { ResponsePane } from "./response-pane.tsx";
import "./requests-screen.css";

/** Call an installed extension and see everything about its answer. */
export function RequestsScreen({ context }: ScreenProps) {
  // At once, because a first picture in the wrong shape would be measured and remembered.
  const isSmall = useMediaQuery("(width < 880px), (height < 520px)", false, {
    getInitialValueInEffect: false,
  });
  if (isSmall) {
    return (
      <div className="request-stack">
        <SidePane context={context} />
        <RequestPane context={context} />
        <ResponsePane context={context} />
      </div>
    );
  }
  return (
    <div className="request-panes">
      <Split id="requests" storage={context.preferences}>
        <Panel id="side" defaultSize="22%" minSize={200}>
          <SidePane context={context} />
        </Panel>
        <SplitHandle label="Size of the list" />
        <Panel id="request" defaultSize="36%" minSize={300}>
          <RequestPane context={context} />
        </Panel>
        <SplitHandle label="Size of the request" />
        <Panel id="response" minSize={300}>
          <ResponsePane context={context} />
        </Panel>
      </Split>
    </div>
  );
}

function SidePane({ context }: { readonly context: WindowContext }) {
  const console = requestConsoleOf(context);
  return (
    <Tabs defaultValue="extensions" className="request-side" keepMounted={false}>
      <Tabs.List aria-label="Where requests come from">
        <Tabs.Tab value="extensions">Extensions</Tabs.Tab>
        <Tabs.Tab value="collections">Collections</Tabs.Tab>
        <Tabs.Tab value="history">History</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="extensions">
        <ExtensionPane context={context} />
      </Tabs.Panel>
      <Tabs.Panel value="collections">
        <CollectionPane console={console} context={context} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <HistoryPane console={console} navigation={context.navigation} />
      </Tabs.Panel>
    </Tabs>
  );
}
