import { Button, Checkbox, Tabs } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Schedule } from "../../../core/contract/schedule.ts";
import { onSchedule, updateCommand } from "../../state/automation/command-lines.ts";
import { changesBetween, draftOf, fieldsOf } from "../../state/automation/schedule-draft.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatMoment } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { useAutomation } from "./automation-context.ts";
import { ExecutionLink } from "./execution-link.tsx";
import { NextRuns } from "./next-runs.tsx";
import { RunTable } from "./run-table.tsx";
import { RunTag } from "./run-tag.tsx";
import { ScheduleFields } from "./schedule-fields.tsx";
import { useEndpoints } from "./use-endpoints.ts";

interface ScheduleProps {
  readonly schedule: Schedule;
}

function targetOf({ tenant_id, install_id, id }: Schedule) {
  return { tenant_id, install_id, schedule_id: id };
}

/** One schedule: when it runs next, how it went, and everything that can be done with it. Mount it anew for another. */
export function ScheduleDetail({ schedule }: ScheduleProps) {
  const { context } = useAutomation();
  const [running, run] = useAction((_: undefined, signal) =>
    context.client.call("schedules.run", targetOf(schedule), signal),
  );
  const [switching, change] = useAction((enabled: boolean, signal) =>
    context.client.call("schedules.update", { ...targetOf(schedule), fields: { enabled } }, signal),
  );
  const failure = running.failure ?? switching.failure;
  return (
    <Pane
      title={schedule.name ?? schedule.endpoint}
      area="automation"
      facts={schedule.enabled ? <Tag tone="ok">✓ enabled</Tag> : <Tag tone="plain">– disabled</Tag>}
      actions={
        <>
          <Button
            variant="default"
            loading={switching.running}
            onClick={() => void change.run(!schedule.enabled)}
          >
            {schedule.enabled ? "Disable" : "Enable"}
          </Button>
          <Button loading={running.running} onClick={() => void run.run(undefined)}>
            Run now
          </Button>
        </>
      }
    >
      <div className="pane-body">
        <div className="automation-part">
          {failure && <FailureNotice failure={failure} />}
          {schedule.problem && <Notice tone="bad" title={`✕ ${schedule.problem}`} />}
          <Facts>
            <Fact name="extension">{schedule.extension_name}</Fact>
            <Fact name="endpoint">
              <span className="mono">{schedule.endpoint}</span>
            </Fact>
            <Fact name="when">
              {schedule.description} <span className="mono dim">{schedule.cron}</span> {schedule.timezone}
            </Fact>
            <Fact name="next runs">
              <NextRuns runs={schedule.next_runs} timezone={schedule.timezone} />
            </Fact>
            <Fact name="last run">
              {schedule.last_run_at ? (
                <span className="tags">
                  {schedule.last_run_status && <RunTag outcome={schedule.last_run_status} />}
                  <time dateTime={schedule.last_run_at}>{formatMoment(schedule.last_run_at)}</time>
                  <ExecutionLink id={schedule.last_execution_id} of="of the last run" />
                </span>
              ) : (
                <span className="dim">it has not run yet</span>
              )}
            </Fact>
            {schedule.last_error && <Fact name="why">{schedule.last_error}</Fact>}
          </Facts>
          <Command text={onSchedule("run", schedule)} what="the command that runs it now" />
          <Command
            text={updateCommand(schedule, { enabled: !schedule.enabled })}
            what={`the command that ${schedule.enabled ? "disables" : "enables"} it`}
          />
          <Tabs defaultValue="runs" keepMounted={false}>
            <Tabs.List aria-label="About the schedule">
              <Tabs.Tab value="runs">Runs</Tabs.Tab>
              <Tabs.Tab value="edit">Edit</Tabs.Tab>
              <Tabs.Tab value="delete">Delete</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="runs" pt={10}>
              <Runs schedule={schedule} />
            </Tabs.Panel>
            <Tabs.Panel value="edit" pt={10}>
              <EditForm key={schedule.updated_at} schedule={schedule} />
            </Tabs.Panel>
            <Tabs.Panel value="delete" pt={10}>
              <DeleteForm schedule={schedule} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
    </Pane>
  );
}

function Runs({ schedule }: ScheduleProps) {
  const { context, state } = useAutomation();
  const revision = useStore(state.revision);
  const [resource] = useState(() =>
    createResource((signal) => context.client.call("schedules.runs", targetOf(schedule), signal)),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again whenever the host says that something changed
  useEffect(() => void resource.reload(), [resource, revision]);
  const { data, failure } = useStore(resource);
  if (data === undefined)
    return failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the runs…" />;
  if (data.runs.length === 0) {
    return (
      <Notice title="It has not run yet.">
        <Command text={onSchedule("run", schedule)} what="the command that runs it now" />
      </Notice>
    );
  }
  return <RunTable runs={data.runs} />;
}

function EditForm({ schedule }: ScheduleProps) {
  const { context } = useAutomation();
  const endpoints = useEndpoints(schedule);
  const before = draftOf(schedule);
  const [draft, setDraft] = useState(before);
  const changes = changesBetween(before, draft);
  const [saving, save] = useAction((fields: Partial<typeof draft>, signal) =>
    context.client.call("schedules.update", { ...targetOf(schedule), fields: fieldsOf(fields) }, signal),
  );
  const errors = saving.result?.outcome === "invalid" ? saving.result.field_errors : {};
  return (
    <Form
      label="Edit the schedule"
      submit="Save"
      state={saving}
      command={updateCommand(schedule, changes)}
      isReady={Object.keys(changes).length > 0}
      onSubmit={() => void save.run(changes)}
    >
      <ScheduleFields draft={draft} errors={errors} endpoints={endpoints} onChange={setDraft} />
    </Form>
  );
}

function DeleteForm({ schedule }: ScheduleProps) {
  const { context, state } = useAutomation();
  const [isSure, setSure] = useState(false);
  const [removing, remove] = useAction((_: undefined, signal) =>
    context.client.call("schedules.delete", targetOf(schedule), signal),
  );
  const submit = async (): Promise<void> => {
    if (await remove.run(undefined)) state.shown.set(undefined);
  };
  return (
    <Form
      label="Delete the schedule"
      submit="Delete"
      state={removing}
      command={onSchedule("delete", schedule)}
      isReady={isSure}
      isDangerous
      onSubmit={() => void submit()}
    >
      <p>The list of its runs goes with it; their executions and logs stay.</p>
      <Checkbox
        label={`Delete ${schedule.name ?? schedule.endpoint}`}
        checked={isSure}
        onChange={({ currentTarget }) => setSure(currentTarget.checked)}
      />
    </Form>
  );
}
