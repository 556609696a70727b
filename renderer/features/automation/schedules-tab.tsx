import { Button } from "@mantine/core";
import type { Schedule } from "../../../core/contract/schedule.ts";
import { exampleSchedule } from "../../state/automation/command-lines.ts";
import { exampleOf } from "../../state/example-call.ts";
import { Command } from "../../ui/command.tsx";
import { formatMoment } from "../../ui/format.ts";
import { ListItem } from "../../ui/list-item.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useAutomation } from "./automation-context.ts";
import { NewSchedule } from "./new-schedule.tsx";
import { RunTag } from "./run-tag.tsx";
import { ScheduleDetail } from "./schedule-detail.tsx";

/** Every install's schedules, and one of them in full. */
export function SchedulesTab() {
  const { context, state } = useAutomation();
  const { data, failure } = useStore(state.schedules);
  const shown = useStore(state.shown);
  const installs = useStore(context.state.extensions).data ?? [];
  const selected = shown?.kind === "schedule" ? data?.find(({ id }) => id === shown.id) : undefined;
  return (
    <Split id="automation-schedules" storage={context.preferences}>
      <Panel id="schedules" defaultSize="36%" minSize="260px">
        <Pane
          title="Schedules"
          area="automation"
          facts={data && <span>{data.length} of all installs</span>}
          actions={
            <Button variant="default" onClick={() => state.shown.set({ kind: "new" })}>
              New…
            </Button>
          }
        >
          <div className="pane-body">
            {data === undefined &&
              (failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the schedules…" />)}
            {data?.length === 0 && (
              <Notice title="Nothing is scheduled yet.">
                <Button onClick={() => state.shown.set({ kind: "new" })}>Make a schedule</Button>
                <Command
                  text={exampleSchedule(exampleOf(installs, undefined))}
                  what="the command that makes a schedule"
                />
              </Notice>
            )}
            {data && data.length > 0 && (
              <ul aria-label="Schedules">
                {data.map((schedule) => (
                  <ScheduleItem
                    key={schedule.id}
                    schedule={schedule}
                    isSelected={schedule.id === selected?.id}
                    onSelect={() => state.shown.set({ kind: "schedule", id: schedule.id })}
                  />
                ))}
              </ul>
            )}
          </div>
        </Pane>
      </Panel>
      <SplitHandle label="Size of the list and the schedule" />
      <Panel id="schedule" minSize="380px">
        {shown?.kind === "new" && <NewSchedule key={shown.installId ?? ""} installId={shown.installId} />}
        {selected && <ScheduleDetail key={selected.id} schedule={selected} />}
        {shown?.kind !== "new" && !selected && (
          <Pane title="Schedule" area="automation">
            <Notice title="Choose a schedule to see its next runs and its last ones." />
          </Pane>
        )}
      </Panel>
    </Split>
  );
}

interface ScheduleItemProps {
  readonly schedule: Schedule;
  readonly isSelected: boolean;
  onSelect(): void;
}

function ScheduleItem({ schedule, isSelected, onSelect }: ScheduleItemProps) {
  const next = schedule.next_runs[0];
  return (
    <li>
      <ListItem name={schedule.name ?? schedule.endpoint} isSelected={isSelected} onSelect={onSelect}>
        <span className="dim">
          {schedule.extension_name} · {schedule.description}
        </span>
        <span className="tags">
          {schedule.problem && <Tag tone="bad">✕ cannot run</Tag>}
          {!schedule.enabled && <Tag tone="plain">– disabled</Tag>}
          {!schedule.install_enabled && <Tag tone="plain">– install disabled</Tag>}
          {next && <Tag tone="plain">next {formatMoment(next)}</Tag>}
          {schedule.last_run_status && <RunTag outcome={schedule.last_run_status} />}
        </span>
      </ListItem>
    </li>
  );
}
