import { ActionIcon, Tabs } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { BOTTOM_TABS, type BottomTab } from "../../state/bottom-panel.ts";
import { TabRow } from "../../ui/tab-row.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { LogBrowser } from "../logs/log-browser.tsx";
import { BuildOutput } from "./build-output.tsx";
import { ProblemList } from "./problem-list.tsx";
import "./bottom-panel.css";

const WORDS: Record<BottomTab, string> = { logs: "Logs", problems: "Problems", build: "Build output" };

/** Log, findings and build output, below every screen. */
export function BottomPanelView({ context }: { readonly context: WindowContext }) {
  const { bottomPanel } = context;
  const tab = useStore(bottomPanel.tab);
  const problems = useStore(bottomPanel.problems);
  return (
    <Tabs
      className="bottom-panel"
      value={tab}
      onChange={(value) => bottomPanel.show(BOTTOM_TABS.find((name) => name === value) ?? "logs")}
      keepMounted={false}
    >
      <TabRow
        end={
          <ActionIcon aria-label="Hide the panel" onClick={() => bottomPanel.setOpen(false)}>
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
        }
      >
        <Tabs.List aria-label="Below the screen">
          {BOTTOM_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {WORDS[name]}
              {name === "problems" && problems.length > 0 && (
                <span className="tab-count">{problems.length}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </TabRow>
      <Tabs.Panel value="logs">
        <LogBrowser context={context} isCompact />
      </Tabs.Panel>
      <Tabs.Panel value="problems">
        <ProblemList problems={problems} navigation={context.navigation} />
      </Tabs.Panel>
      <Tabs.Panel value="build">
        <BuildOutput panel={bottomPanel} />
      </Tabs.Panel>
    </Tabs>
  );
}
