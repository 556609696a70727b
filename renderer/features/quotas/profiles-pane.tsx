import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { limitDefinition } from "../../../core/contract/limit-catalogue.ts";
import { limitWords } from "../../../core/contract/limit-units.ts";
import type { QuotaProfileEntry } from "../../../core/contract/rpc/quotas.ts";
import type { RpcInput } from "../../../core/contract/rpc.ts";
import type { RpcClient } from "../../client.ts";
import { commandLine } from "../../state/command-line.ts";
import {
  draftOfLimits,
  type LimitDraft,
  limitsOfDraft,
  problemOf,
  profileSetCommand,
} from "../../state/quotas/limit-draft.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { LimitFields } from "./limit-fields.tsx";

export interface ProfilesPaneProps {
  readonly client: RpcClient;
  readonly profiles: readonly QuotaProfileEntry[];
  onChanged(): void;
}

/** The named sets of limits; own ones are made, edited and deleted here. */
export function ProfilesPane({ client, profiles, onChanged }: ProfilesPaneProps) {
  const [edited, setEdited] = useState<QuotaProfileEntry | "new">();
  const [removing, remove] = useAction((name: string, signal) =>
    client.call("quotas.delete_profile", { name }, signal),
  );
  const changed = (): void => {
    setEdited(undefined);
    onChanged();
  };
  if (edited !== undefined) {
    return (
      <ProfileForm
        client={client}
        profile={edited === "new" ? undefined : edited}
        onSaved={changed}
        onCancel={() => setEdited(undefined)}
      />
    );
  }
  return (
    <>
      <ul className="profile-list" aria-label="Quota profiles">
        {profiles.map((profile) => (
          <li key={profile.name}>
            <header>
              <strong>{profile.name}</strong>
              {profile.built_in && <Tag tone="plain">built in</Tag>}
              <span className="dim">used by {profile.used_by.length}</span>
              {!profile.built_in && (
                <span className="profile-actions">
                  <Button variant="default" onClick={() => setEdited(profile)}>
                    Edit<span className="visually-hidden"> {profile.name}</span>
                  </Button>
                  <Button
                    variant="default"
                    disabled={profile.used_by.length > 0}
                    onClick={() => void remove.run(profile.name).then((done) => done && onChanged())}
                  >
                    Delete<span className="visually-hidden"> {profile.name}</span>
                  </Button>
                </span>
              )}
            </header>
            <p className="dim mono">{figuresOf(profile)}</p>
          </li>
        ))}
      </ul>
      {removing.failure && <FailureNotice failure={removing.failure} />}
      <div className="form-actions">
        <Button variant="default" onClick={() => setEdited("new")}>
          New profile
        </Button>
      </div>
      <Command
        text={commandLine(["workbench", "quota", "profiles", "list"])}
        what="the command that lists the profiles"
      />
    </>
  );
}

function figuresOf({ limits }: QuotaProfileEntry): string {
  return Object.entries(limits)
    .flatMap(([name, value]) => {
      const definition = limitDefinition(name);
      return definition === undefined || value === undefined
        ? []
        : [`${definition.label.toLowerCase()} ${limitWords(definition, value)}`];
    })
    .join(" · ");
}

interface ProfileFormProps {
  readonly client: RpcClient;
  /** Absent: a new one. */
  readonly profile: QuotaProfileEntry | undefined;
  onSaved(): void;
  onCancel(): void;
}

function ProfileForm({ client, profile, onSaved, onCancel }: ProfileFormProps) {
  const [name, setName] = useState(profile?.name ?? "");
  const [draft, setDraft] = useState<LimitDraft>(() => draftOfLimits(profile?.limits ?? {}));
  const limits = limitsOfDraft(draft);
  const isWrong = Object.entries(draft).some(([limit, text]) => {
    const definition = limitDefinition(limit);
    return definition !== undefined && problemOf(definition, text) !== undefined;
  });
  const [state, action] = useAction((entry: RpcInput<"quotas.save_profile">, signal) =>
    client.call("quotas.save_profile", entry, signal),
  );
  return (
    <Form
      label={profile ? `Profile ${profile.name}` : "New profile"}
      submit="Save profile"
      state={state}
      command={profileSetCommand(name || "NAME", limits)}
      isReady={name !== "" && !isWrong && Object.keys(limits).length > 0}
      onSubmit={() => void action.run({ name, limits }).then((done) => done && onSaved())}
      onCancel={onCancel}
    >
      <TextInput
        label="Name"
        description="Small letters, digits and dashes"
        value={name}
        disabled={profile !== undefined}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <LimitFields draft={draft} onChange={setDraft} />
    </Form>
  );
}
