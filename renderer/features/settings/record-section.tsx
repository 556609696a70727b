import { NumberInput } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import {
  type Pruned,
  type RetentionPolicy,
  retentionPolicySchema,
} from "../../../core/contract/retention.ts";
import { commandLine } from "../../state/command-line.ts";
import { type ClientFailure, failureOf } from "../../state/failure.ts";
import { createResource } from "../../state/resource.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatCount } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

const BOUNDS: readonly {
  readonly key: keyof RetentionPolicy;
  readonly label: string;
  readonly option: string;
  readonly min: number;
}[] = [
  { key: "execution_days", label: "Executions, days", option: "--days", min: 1 },
  { key: "execution_rows", label: "Executions, at most", option: "--rows", min: 1_000 },
  { key: "log_days", label: "Log lines, days", option: "--log-days", min: 1 },
  { key: "log_rows", label: "Log lines, at most", option: "--log-rows", min: 1_000 },
  { key: "megabytes", label: "Database, MiB", option: "--megabytes", min: 64 },
];

/** How much of what happened is kept. */
export function RecordSection({ context: { client } }: { readonly context: WindowContext }) {
  const policy = useMemo(
    () => createResource((signal) => client.call("records.retention", {}, signal)),
    [client],
  );
  useEffect(() => void policy.reload(), [policy]);
  const { data, failure } = useStore(policy);
  const [changes, setChanges] = useState<Partial<Record<keyof RetentionPolicy, number | string>>>({});
  const [pruned, setPruned] = useState<Pruned>();
  const [problem, setProblem] = useState<ClientFailure>();
  const [isBusy, setBusy] = useState(false);
  if (failure) return <FailureNotice failure={failure} />;
  if (data === undefined) return undefined;
  const wanted = { ...data, ...changes };
  const parsed = retentionPolicySchema.safeParse(wanted);

  const act = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
      setProblem(undefined);
    } catch (error) {
      setProblem(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  const save = () =>
    act(async () => {
      if (!parsed.success) return;
      await client.call("records.set_retention", parsed.data);
      await policy.reload();
      setChanges({});
    });
  const prune = () => act(async () => setPruned(await client.call("records.prune", {})));

  return (
    <>
      <p className="dim">
        What is older or more than this is removed every hour, in small steps. What runs is never removed.
      </p>
      {problem && <FailureNotice failure={problem} />}
      <div className="retention">
        {BOUNDS.map(({ key, label, min }) => (
          <NumberInput
            key={key}
            label={label}
            min={min}
            allowDecimal={false}
            thousandSeparator=" "
            value={wanted[key]}
            onChange={(value) => setChanges({ ...changes, [key]: value })}
          />
        ))}
      </div>
      <p className="retention-actions">
        <Button
          look="primary"
          disabled={isBusy || !parsed.success || Object.keys(changes).length === 0}
          onClick={() => void save()}
        >
          Save
        </Button>
        <Button disabled={isBusy} onClick={() => void prune()}>
          Remove now
        </Button>
        {pruned && (
          <span role="status">
            Removed {formatCount(pruned.executions)} executions and {formatCount(pruned.log_lines)} log lines.
          </span>
        )}
      </p>
      <Command
        text={commandLine([
          ...["workbench", "executions", "prune"],
          ...BOUNDS.flatMap(({ key, option }) =>
            changes[key] === undefined ? [] : [option, String(changes[key])],
          ),
          ...(Object.keys(changes).length > 0 ? ["--save"] : []),
        ])}
        what="the command that prunes the record"
      />
    </>
  );
}
