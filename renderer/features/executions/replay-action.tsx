import { IconPlayerPlay } from "@tabler/icons-react";
import type {
  Divergence,
  ExecutionDetail,
  ReplayReport,
} from "../../../core/contract/execution-recording.ts";
import { commandLine } from "../../state/command-line.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatCount } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import type { WindowContext } from "../../window-context.ts";
import { useAction } from "../keys/use-action.ts";

export interface ReplayActionProps {
  readonly client: WindowContext["client"];
  readonly executionId: string;
  readonly replay: ExecutionDetail["replay"];
}

/** Runs the recorded request again with the recorded answers, and says where it differs. */
export function ReplayAction({ client, executionId, replay }: ReplayActionProps) {
  const [{ running, failure, result }, action] = useAction((id: string, signal) =>
    client.call("executions.replay", { id }, signal),
  );
  return (
    <section aria-label="Replay" className="detail-action">
      <h3>Replay</h3>
      {replay.possible ? (
        <Button disabled={running} onClick={() => void action.run(executionId)}>
          <IconPlayerPlay size={14} aria-hidden />
          {running ? "Replaying…" : "Replay with the recorded answers"}
        </Button>
      ) : (
        <p className="dim">
          It cannot be replayed: {replay.reason} <code>{replay.code}</code>
        </p>
      )}
      <div role="status">
        {failure && <FailureNotice failure={failure} />}
        {result && <Report report={result} />}
      </div>
      <Command
        text={commandLine(["workbench", "replay", executionId])}
        what="the command that replays this execution"
      />
    </section>
  );
}

function Report({ report }: { readonly report: ReplayReport }) {
  const { same, divergences, replayed } = report;
  if (same)
    return (
      <p>
        ✓ The same: {formatCount(replayed.host_calls)} host calls, status {replayed.status}, fuel{" "}
        {formatCount(replayed.fuel)}.
      </p>
    );
  return (
    <>
      <p className="answer-error">✕ It differs; the first place is where the two part.</p>
      <ol>
        {divergences.map((divergence) => (
          <li key={`${divergence.what} ${divergence.call} ${divergence.part}`}>
            {placeOf(divergence)}
            <pre className="answer-body answer-pre">
              {`recorded ${textOf(divergence.expected)}\nnow      ${textOf(divergence.actual)}`}
            </pre>
          </li>
        ))}
      </ol>
    </>
  );
}

function placeOf({ what, call, part }: Divergence): string {
  return what === "host_call" ? `host call ${call}: ${part}` : what.replace("_", " ");
}

function textOf(value: unknown): string {
  return value === undefined ? "(nothing)" : JSON.stringify(value);
}
