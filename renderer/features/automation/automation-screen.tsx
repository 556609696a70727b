import { Tabs } from "@mantine/core";
import { useEffect, useState } from "react";
import { createAutomationState } from "../../state/automation/automation-state.ts";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { AutomationContext } from "./automation-context.ts";
import { EventsTab } from "./events-tab.tsx";
import { SchedulesTab } from "./schedules-tab.tsx";
import "./automation-screen.css";

/** What calls extensions by itself: schedules that run, events that are delivered. */
export function AutomationScreen({ context }: ScreenProps) {
  const [state] = useState(() => createAutomationState(context.client));
  const { params } = useStore(context.navigation);
  const dead = useStore(state.delivered).data?.dead.length ?? 0;
  useEffect(() => state.follow(), [state]);
  useEffect(() => {
    if (params.schedule) state.shown.set({ kind: "schedule", id: params.schedule });
    else if (params.install) state.shown.set({ kind: "new", installId: params.install });
  }, [state, params.schedule, params.install]);
  return (
    <AutomationContext value={{ context, state }}>
      <Tabs
        className="automation"
        value={params.tab === "events" ? "events" : "schedules"}
        onChange={(tab) => context.navigation.go("automation", { tab: tab ?? "schedules" })}
        keepMounted={false}
      >
        <Tabs.List aria-label="Schedules and events">
          <Tabs.Tab value="schedules">Schedules</Tabs.Tab>
          <Tabs.Tab value="events">Events{dead > 0 && `, ${dead} dead`}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="schedules">
          <SchedulesTab />
        </Tabs.Panel>
        <Tabs.Panel value="events">
          <EventsTab />
        </Tabs.Panel>
      </Tabs>
    </AutomationContext>
  );
}
