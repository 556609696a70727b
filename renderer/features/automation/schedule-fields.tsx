import { Autocomplete, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { FieldErrors, ScheduleEndpoint } from "../../../core/contract/schedule.ts";
import type { ScheduleDraft } from "../../state/automation/schedule-draft.ts";
import { createResource } from "../../state/resource.ts";
import { useStore } from "../../ui/use-store.ts";
import { useAutomation } from "./automation-context.ts";
import { NextRuns } from "./next-runs.tsx";

export interface ScheduleFieldsProps {
  readonly draft: ScheduleDraft;
  readonly errors: FieldErrors;
  /** Of the install; empty: any path will do. */
  readonly endpoints: readonly ScheduleEndpoint[];
  onChange(draft: ScheduleDraft): void;
}

const ZONES = Intl.supportedValuesOf("timeZone");
const MAX_OFFERED_ZONES = 20;

/** The fields of a schedule, with what the expression means told while it is written. */
export function ScheduleFields({ draft, errors, endpoints, onChange }: ScheduleFieldsProps) {
  const { context } = useAutomation();
  const { cron, timezone } = draft;
  const asked = useRef({ cron, timezone });
  const [preview] = useState(() =>
    createResource((signal) => context.client.call("schedules.preview", asked.current, signal)),
  );
  useEffect(() => {
    asked.current = { cron, timezone };
    void preview.reload();
  }, [preview, cron, timezone]);
  const told = useStore(preview).data;
  const set = (change: Partial<ScheduleDraft>) => onChange({ ...draft, ...change });
  const schedulable = endpoints.filter((endpoint) => endpoint.schedulable).map(({ id }) => id);
  return (
    <>
      <Autocomplete
        label="Endpoint"
        description="METHOD /path, GET or POST without path parameters"
        data={schedulable}
        value={draft.endpoint}
        error={errors.endpoint}
        onChange={(endpoint) => set({ endpoint })}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
      <div className="form-row">
        <TextInput
          label="Cron expression"
          description="Minute, hour, day of month, month, day of week"
          value={cron}
          error={errors.cron ?? told?.errors.cron}
          onChange={({ currentTarget }) => set({ cron: currentTarget.value })}
          spellCheck={false}
          classNames={{ input: "mono" }}
        />
        <Autocomplete
          label="Time zone"
          description="UTC, or a zone such as Europe/Berlin"
          data={["UTC", ...ZONES]}
          limit={MAX_OFFERED_ZONES}
          value={timezone}
          error={errors.timezone ?? told?.errors.timezone}
          onChange={(zone) => set({ timezone: zone })}
          spellCheck={false}
        />
      </div>
      {told?.description && (
        <div aria-live="polite">
          <p>{told.description}.</p>
          <NextRuns runs={told.next_runs} timezone={timezone} />
        </div>
      )}
      <div className="form-row">
        <TextInput
          label="Name"
          description="Unique for the install; may be left out"
          value={draft.name}
          error={errors.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <NativeSelect
          label="Missed runs"
          description="When no host was there at the time"
          data={[
            { value: "run_once", label: "Run once, afterwards" },
            { value: "skip", label: "Leave out" },
          ]}
          value={draft.missed}
          error={errors.missed}
          onChange={({ currentTarget }) =>
            set({ missed: currentTarget.value === "skip" ? "skip" : "run_once" })
          }
        />
      </div>
      <Textarea
        label="Payload"
        description="JSON, sent as the body of a POST; a GET sends none"
        rows={4}
        value={draft.payload}
        error={errors.payload}
        onChange={({ currentTarget }) => set({ payload: currentTarget.value })}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
      <Checkbox
        label="Enabled"
        checked={draft.enabled}
        onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
      />
    </>
  );
}
