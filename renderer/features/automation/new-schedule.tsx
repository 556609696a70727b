import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { createCommand } from "../../state/automation/command-lines.ts";
import { fieldsOf, NEW_SCHEDULE } from "../../state/automation/schedule-draft.ts";
import { Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import { FirstExtension } from "../extensions/first-extension.tsx";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { useAutomation } from "./automation-context.ts";
import { ScheduleFields } from "./schedule-fields.tsx";
import { useEndpoints } from "./use-endpoints.ts";

/** Makes a schedule of one install. */
export function NewSchedule({ installId }: { readonly installId: string | undefined }) {
  const { context } = useAutomation();
  const installs = useStore(context.state.extensions).data ?? [];
  const [chosen, setChosen] = useState(installId);
  const install = installs.find(({ install_id }) => install_id === chosen) ?? installs[0];
  return (
    <Pane title="New schedule" area="automation">
      <div className="pane-body">
        {install === undefined ? (
          <Notice title="Nothing is installed that could be scheduled.">
            <FirstExtension navigation={context.navigation} />
          </Notice>
        ) : (
          <div className="automation-part">
            <NativeSelect
              label="Install"
              data={installs.map(({ install_id, extension_name, tenant_id }) => ({
                value: install_id,
                label: installs.some((other) => other.tenant_id !== tenant_id)
                  ? `${extension_name} for ${tenant_id}`
                  : extension_name,
              }))}
              value={install.install_id}
              onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            />
            <CreateForm key={install.install_id} install={install} />
          </div>
        )}
      </div>
    </Pane>
  );
}

function CreateForm({ install }: { readonly install: InstalledExtension }) {
  const { context, state } = useAutomation();
  const endpoints = useEndpoints(install);
  const [draft, setDraft] = useState(NEW_SCHEDULE);
  const [creating, create] = useAction((fields: typeof draft, signal) =>
    context.client.call(
      "schedules.create",
      {
        tenant_id: install.tenant_id,
        install_id: install.install_id,
        fields: { ...fields, ...fieldsOf(fields) },
      },
      signal,
    ),
  );
  const submit = async (): Promise<void> => {
    const answer = await create.run(draft);
    if (answer?.outcome === "saved") state.shown.set({ kind: "schedule", id: answer.schedule.id });
  };
  const errors = creating.result?.outcome === "invalid" ? creating.result.field_errors : {};
  return (
    <Form
      label="New schedule"
      submit="Make the schedule"
      state={creating}
      command={createCommand({ name: install.extension_name, tenantId: install.tenant_id }, draft)}
      isReady={draft.endpoint !== ""}
      onSubmit={() => void submit()}
      onCancel={() => state.shown.set(undefined)}
    >
      <ScheduleFields draft={draft} errors={errors} endpoints={endpoints} onChange={setDraft} />
    </Form>
  );
}
