import { Tabs } from "@mantine/core";
import { Pane } from "../../ui/pane.tsx";
import type { ScreenProps } from "../../window-context.ts";
import { ExplainPane } from "./explain-pane.tsx";
import { ScenariosPane } from "./scenarios-pane.tsx";
import "./policy-screen.css";

/** What the gateway decides, asked without a call: one call explained, a project's scenarios tested. */
export function PolicyScreen({ context }: ScreenProps) {
  return (
    <Pane
      title="Policy"
      area="policy"
      facts={<span className="dim">Nothing is called, counted or recorded</span>}
    >
      <Tabs defaultValue="explain" className="policy-tabs" keepMounted={false}>
        <Tabs.List aria-label="Explain a call, test scenarios">
          <Tabs.Tab value="explain">Explain a call</Tabs.Tab>
          <Tabs.Tab value="scenarios">Scenarios</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="explain">
          <ExplainPane context={context} />
        </Tabs.Panel>
        <Tabs.Panel value="scenarios">
          <ScenariosPane context={context} />
        </Tabs.Panel>
      </Tabs>
    </Pane>
  );
}
