import { Textarea } from "@mantine/core";
import { useState } from "react";
import type { InstallDetails } from "../../../core/contract/rpc/registry.ts";
import type { RpcInput } from "../../../core/contract/rpc.ts";
import { updateCommand } from "../../state/registry/command-lines.ts";
import {
  changesBetween,
  readKeyedLines,
  readLines,
  writeKeyedLines,
} from "../../state/registry/keyed-lines.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { ConsentSheet } from "./consent-sheet.tsx";
import { RefusedEgress } from "./refused-egress.tsx";
import { useRegistry } from "./registry-context.ts";
import { SecretLines } from "./secret-lines.tsx";

interface SettingsProps {
  readonly install: InstallDetails;
}

type Settings = Omit<RpcInput<"registry.configure">, "ref" | "tenant_id">;

/** Sends one setting; the forms mount anew with what was stored. */
function useConfigure({ install }: SettingsProps) {
  const { context, changed } = useRegistry();
  const [state, action] = useAction((settings: Settings, signal) =>
    context.client.call(
      "registry.configure",
      { ref: install.install_id, tenant_id: install.tenant_id, ...settings },
      signal,
    ),
  );
  const save = async (settings: Settings): Promise<void> => {
    if (await action.run(settings)) await changed();
  };
  const target = { name: install.extension_name, tenantId: install.tenant_id };
  return { state, save, target };
}

export function GrantsForm({ install }: SettingsProps) {
  const { state, save, target } = useConfigure({ install });
  const [granted, setGranted] = useState(install.granted_capabilities);
  return (
    <Form
      label="Grants"
      submit="Save grants"
      state={state}
      command={updateCommand(target, { version: install.version, grants: granted })}
      onSubmit={() => void save({ grants: granted })}
    >
      <ConsentSheet
        name={install.extension_name}
        requested={install.manifest.capabilities}
        granted={granted}
        onChange={setGranted}
      />
    </Form>
  );
}

export function ConfigForm({ install }: SettingsProps) {
  const { state, save, target } = useConfigure({ install });
  const [text, setText] = useState(() => writeKeyedLines(install.config));
  const { values, problem } = readKeyedLines(text);
  const changes = changesBetween(install.config, values);
  return (
    <Form
      label="Config"
      submit="Save config"
      state={state}
      command={updateCommand(target, { version: install.version, config: changes })}
      isReady={problem === undefined && Object.keys(changes).length > 0}
      onSubmit={() => void save({ config: changes })}
    >
      <Textarea
        label="Config, KEY=VALUE a line"
        description="Plain values that travel with every call; what nobody may read belongs under Secrets"
        rows={8}
        value={text}
        error={problem}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
    </Form>
  );
}

export function SecretsForm({ install }: SettingsProps) {
  const { state, save, target } = useConfigure({ install });
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const names = Object.keys(secrets);
  return (
    <Form
      label="Secrets"
      submit="Save secrets"
      state={state}
      command={`printf %s "$SECRET" | ${updateCommand(target, { version: install.version, secretKeys: [names[0] ?? "KEY"] })}`}
      isReady={names.length > 0}
      onSubmit={() => void save({ secrets }).then(() => setSecrets({}))}
    >
      <SecretLines
        keys={install.secret_keys}
        changes={secrets}
        onChange={setSecrets}
        onRemove={(key) => void save({ secrets: { [key]: null } })}
      />
    </Form>
  );
}

export function EgressForm({ install }: SettingsProps) {
  const { state, save, target } = useConfigure({ install });
  const [text, setText] = useState(() => install.egress_allowlist.join("\n"));
  const egress = readLines(text);
  return (
    <>
      <Form
        label="Egress"
        submit="Save egress list"
        state={state}
        command={updateCommand(target, { version: install.version, egress })}
        onSubmit={() => void save({ egress })}
      >
        <Textarea
          label="Hosts that it may reach, one a line"
          description="Subdomains included. A private address needs host:port, and is for development. Nothing else can be reached, besides EXT_EGRESS_ALLOWLIST"
          placeholder="api.example.com"
          rows={5}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          spellCheck={false}
          classNames={{ input: "mono" }}
        />
      </Form>
      <RefusedEgress
        install={install}
        listed={egress}
        onAllow={(entry) => setText([...egress, entry].join("\n"))}
      />
    </>
  );
}
