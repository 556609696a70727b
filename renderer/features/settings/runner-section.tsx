import { useEffect, useState } from "react";
import type { RunnerHealth, RunnerStatusReport } from "../../../core/contract/runner-health.ts";
import { createResource } from "../../state/resource.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount, formatTime } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

/** While the section is shown it is asked for again after this time. */
const REFRESH_MS = 2_000;

const STATES: Record<RunnerStatusReport["state"], { readonly tone: Tone; readonly word: string }> = {
  ready: { tone: "ok", word: "✓ ready" },
  external: { tone: "host", word: "external" },
  starting: { tone: "warn", word: "! starting" },
  restarting: { tone: "warn", word: "! restarting" },
  stopped: { tone: "bad", word: "✕ stopped" },
  unavailable: { tone: "bad", word: "✕ unavailable" },
};

/** The process that runs extensions: its pool, what it holds in memory, and why it was last started again. */
export function RunnerSection({ context: { client, timers } }: { readonly context: WindowContext }) {
  const [runner] = useState(() => createResource((signal) => client.call("runner.status", {}, signal)));
  const { data, failure } = useStore(runner);
  useEffect(() => {
    let cancel = () => {};
    let isShown = true;
    const tick = async () => {
      await runner.reload();
      if (isShown) cancel = timers.after(REFRESH_MS, () => void tick());
    };
    void tick();
    return () => {
      isShown = false;
      cancel();
    };
  }, [runner, timers]);
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      {data && <Status status={data} />}
      <div className="row-actions">
        <Button onClick={() => void runner.reload()}>Look again</Button>
        <Command text="workbench runner status" what="the command that shows the runner's state" />
      </div>
    </>
  );
}

function Status({ status }: { readonly status: RunnerStatusReport }) {
  const { health } = status;
  const state = STATES[status.state];
  return (
    <Facts>
      <Fact name="state">
        <Tag tone={state.tone}>{state.word}</Tag>
      </Fact>
      {status.url && (
        <Fact name="address">
          <span className="mono">{status.url}</span>
        </Fact>
      )}
      {status.pid !== undefined && (
        <Fact name="process">
          {status.pid}
          {status.started_at && `, since ${formatTime(status.started_at)}`}
        </Fact>
      )}
      {status.state !== "external" && <Fact name="restarts">{formatCount(status.restarts)}</Fact>}
      {status.last_error && <Fact name="last error">It {status.last_error}.</Fact>}
      {health?.pool && (
        <Fact name="pool">
          {health.pool.workers} workers, {health.pool.busy} busy, {health.pool.waiting} waiting
        </Fact>
      )}
      {health && <Held health={health} />}
      {health?.process && (
        <Fact name="memory of the process">{formatBytes(health.process.resident_bytes)}</Fact>
      )}
      {health === undefined && <Fact name="health">It does not answer.</Fact>}
    </Facts>
  );
}

/** What stays in memory between calls, by who keeps it, each with its bound. */
function Held({ health: { pool, cache } }: { readonly health: RunnerHealth }) {
  return (
    <>
      {pool?.spares !== undefined && (
        <Fact name="spare threads">{formatCount(pool.spares)}, which hold nothing yet</Fact>
      )}
      {pool?.held_bytes !== undefined && (
        <Fact name="held for the next calls">{bounded(pool.held_bytes, pool.max_held_bytes)}</Fact>
      )}
      {cache && (
        <Fact name="prepared components">
          {formatCount(cache.programs)} in memory, {bounded(cache.program_bytes, cache.max_program_bytes)}
        </Fact>
      )}
      {cache?.ui_bytes !== undefined && (
        <Fact name="files of UIs">{bounded(cache.ui_bytes, cache.max_ui_bytes)}</Fact>
      )}
    </>
  );
}

function bounded(bytes: number, bound: number | undefined): string {
  return bound === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of at most ${formatBytes(bound)}`;
}
