import { Autocomplete, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import type { RpcInput } from "../../../core/contract/rpc.ts";
import { publishCommand } from "../../state/automation/command-lines.ts";
import { callerOf } from "../../state/caller.ts";
import { Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { useAutomation } from "./automation-context.ts";

/** Publishes an event to the installs of one tenant. */
export function PublishForm({ onPublished }: { onPublished(eventId: string): void }) {
  const { context } = useAutomation();
  const host = useStore(context.state.host).data;
  const choice = useStore(context.caller);
  const installs = useStore(context.state.extensions).data ?? [];
  const [chosen, setTenant] = useState<string>();
  const [topic, setTopic] = useState("");
  const [data, setData] = useState("{}");
  const tenantId = chosen ?? (host && callerOf(choice, host).tenant.id) ?? "";
  const [publishing, publish] = useAction((input: RpcInput<"events.publish">, signal) =>
    context.client.call("events.publish", input, signal),
  );
  if (host === undefined) return <Notice title="Loading the tenants…" />;
  const subscribed = installs.filter(({ tenant_id, enabled }) => tenant_id === tenantId && enabled);
  const topics = [
    ...new Set(subscribed.flatMap(({ manifest }) => (manifest.events ?? []).map((event) => event.topic))),
  ];
  const listeners = subscribed.filter(({ manifest }) =>
    (manifest.events ?? []).some((event) => event.topic === topic.trim()),
  );
  const submit = async (): Promise<void> => {
    const event = await publish.run({
      tenant_id: tenantId,
      topic,
      data: data.trim() === "" ? "null" : data,
    });
    if (event) onPublished(event.id);
  };
  return (
    <Form
      label="Publish an event"
      submit="Publish"
      state={publishing}
      command={publishCommand(topic, data, tenantId)}
      isReady={topic.trim() !== ""}
      onSubmit={() => void submit()}
    >
      {host.tenants.length > 1 && (
        <NativeSelect
          label="Tenant"
          data={host.tenants.map(({ id, name }) => ({ value: id, label: name }))}
          value={tenantId}
          onChange={({ currentTarget }) => setTenant(currentTarget.value)}
        />
      )}
      <Autocomplete
        label="Topic"
        description={
          topics.length === 0
            ? "No enabled install subscribes to any; a manifest does so under events"
            : "As manifests subscribe to it"
        }
        data={topics}
        value={topic}
        onChange={setTopic}
        spellCheck={false}
      />
      <Textarea
        label="Data"
        description="JSON; the handler gets it as data, beside topic, id and published_at"
        rows={6}
        value={data}
        onChange={({ currentTarget }) => setData(currentTarget.value)}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
      {topic.trim() !== "" && (
        <p className="dim" aria-live="polite">
          {listeners.length === 0
            ? "Nobody subscribes to this topic: the event is kept and delivered to nobody."
            : `Delivered to ${listeners.map(({ extension_name }) => extension_name).join(", ")}.`}
        </p>
      )}
    </Form>
  );
}
