import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { limitDefinition } from "../../../core/contract/limit-catalogue.ts";
import type { LimitOverrides } from "../../../core/contract/limit-overrides.ts";
import type { InstallQuota } from "../../../core/contract/rpc/quotas.ts";
import type { RpcInput } from "../../../core/contract/rpc.ts";
import type { RpcClient } from "../../client.ts";
import {
  changesOf,
  draftOfLimits,
  type LimitDraft,
  problemOf,
  quotaSetCommand,
  rebasedDraft,
} from "../../state/quotas/limit-draft.ts";
import { type QuotaTarget, refOf } from "../../state/quotas/target.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { LimitFields } from "./limit-fields.tsx";

const NO_PROFILE = "(none)";

export interface LimitsFormProps {
  readonly client: RpcClient;
  readonly target: QuotaTarget;
  readonly set: LimitOverrides;
  readonly inForce?: InstallQuota["limits"] | undefined;
  /** The figures count all installs together. */
  readonly isShared: boolean;
  /** Absent: this target is set to no profile here. */
  readonly profile?: { readonly current: string | undefined; readonly names: readonly string[] };
  onSaved(): void;
}

/** The figures of one target. Mount it anew for another one, and when it has stored something itself. */
export function LimitsForm(props: LimitsFormProps) {
  const { client, target, set, inForce, isShared, profile, onSaved } = props;
  const [draft, setDraft] = useState<LimitDraft>(() => draftOfLimits(set));
  const [chosen, setChosen] = useState(profile?.current ?? NO_PROFILE);
  const [basis, setBasis] = useState({ set, current: profile?.current });
  const now = { set, current: profile?.current };
  // Somebody else has stored other figures: fields that nobody typed in follow them.
  if (JSON.stringify(now) !== JSON.stringify(basis)) {
    setBasis(now);
    setDraft(rebasedDraft(draft, basis.set, set));
    if (chosen === (basis.current ?? NO_PROFILE)) setChosen(now.current ?? NO_PROFILE);
  }
  const changes = changesOf(draft, set);
  const isWrong = Object.entries(draft).some(([name, text]) => {
    const definition = limitDefinition(name);
    return definition !== undefined && problemOf(definition, text) !== undefined;
  });
  const isOtherProfile = profile !== undefined && chosen !== (profile.current ?? NO_PROFILE);
  const isChanged = Object.keys(changes).length > 0;
  const profileChange = isOtherProfile ? { profile: chosen === NO_PROFILE ? null : chosen } : {};
  const [state, action] = useAction((change: RpcInput<"quotas.set">, signal) =>
    client.call("quotas.set", change, signal),
  );
  const send = async (change: Pick<RpcInput<"quotas.set">, "limits" | "shared" | "profile" | "reset">) => {
    const ref = refOf(target);
    const whom = { tenant_id: target.tenantId, ...(ref === undefined ? {} : { ref }) };
    if (await action.run({ ...whom, ...change })) onSaved();
  };
  const save = () =>
    send({ ...(isChanged ? { [isShared ? "shared" : "limits"]: changes } : {}), ...profileChange });
  const label = isShared ? "Shared limits" : "Limits";
  return (
    <Form
      label={label}
      submit={`Save ${label.toLowerCase()}`}
      state={state}
      command={quotaSetCommand(target, { changes, isShared, ...profileChange })}
      isReady={!isWrong && (isChanged || isOtherProfile)}
      onSubmit={() => void save()}
    >
      {profile && (
        <NativeSelect
          label="Profile"
          description="Its figures hold where no own figure is given"
          data={[NO_PROFILE, ...profile.names]}
          value={chosen}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        />
      )}
      <LimitFields draft={draft} inForce={inForce} sharedOnly={isShared} onChange={setDraft} />
      {!isShared && (
        <Button
          variant="default"
          className="limit-reset"
          disabled={state.running || (Object.keys(set).length === 0 && profile?.current === undefined)}
          onClick={() => void send({ reset: true })}
        >
          Forget own figures and profile
        </Button>
      )}
    </Form>
  );
}
