import { Select, Switch } from "@mantine/core";
import { useState } from "react";
import type { HostSettings } from "../../../core/contract/rpc/settings.ts";
import { commandLine } from "../../state/command-line.ts";
import { type ClientFailure, failureOf } from "../../state/failure.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import type { WindowContext } from "../../window-context.ts";

export interface UploadsSectionProps {
  readonly context: WindowContext;
  readonly settings: HostSettings;
}

/** The published command line knows no signatures: what it uploads can be signed here, when the developer says so. */
export function UploadsSection({ context, settings }: UploadsSectionProps) {
  const { signing_keys, local_upload_key_id, active_key_id } = settings;
  const [failure, setFailure] = useState<ClientFailure>();
  const [isBusy, setBusy] = useState(false);
  const isOn = local_upload_key_id !== undefined;
  const keyId = local_upload_key_id ?? active_key_id ?? signing_keys[0]?.id;

  const choose = async (next: string | null): Promise<void> => {
    setBusy(true);
    try {
      await context.client.call("settings.local_uploads", { key_id: next });
      setFailure(undefined);
      await context.settings.reload();
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };

  if (keyId === undefined) {
    return <Notice title="There is no key that could sign. Generate one under Keys & Trust." />;
  }
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      <Switch
        label="Sign what arrives unsigned over the control API"
        description="For the published command line, which knows no signatures. Off: such uploads are judged as they come."
        checked={isOn}
        disabled={isBusy}
        onChange={(event) => void choose(event.currentTarget.checked ? keyId : null)}
      />
      <Select
        label="with the key"
        data={signing_keys.map(({ id, algorithm, subject }) => ({
          value: id,
          label: `${id} · ${algorithm} · ${subject}`,
        }))}
        value={keyId}
        disabled={!isOn || isBusy}
        allowDeselect={false}
        onChange={(value) => value !== null && void choose(value)}
      />
      <Command
        text={isOn ? "workbench uploads --off" : commandLine(["workbench", "uploads", "--key", keyId])}
        what="the command that switches it"
      />
    </>
  );
}
