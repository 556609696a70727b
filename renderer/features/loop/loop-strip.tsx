import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconRefresh, IconX } from "@tabler/icons-react";
import { useId } from "react";
import type { LoopDiagnostic, LoopStageState, LoopState } from "../../../core/contract/rpc/loop.ts";
import { commandLine } from "../../state/command-line.ts";
import type { Loop } from "../../state/loop/loop.ts";
import type { Navigation } from "../../state/navigation.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { formatCount, formatDuration, formatTime, shortHash } from "../../ui/format.ts";
import { Prose } from "../../ui/prose.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import "./loop-strip.css";

/** The first is what to mend; all of them stand under Problems, and the page above needs its room. */
const SHOWN_DIAGNOSTICS = 3;

export interface LoopStripProps {
  readonly loop: Loop;
  readonly navigation: Navigation;
  /** Folder of the open project; without one there is nothing to build. */
  readonly dir: string | undefined;
  /** The places to mend are shown elsewhere on the screen. */
  readonly isBrief?: boolean;
}

/** Save → build → pack → sign → publish → install → reload, with what each of them took. */
export function LoopStrip({ loop, navigation, dir, isBrief = false }: LoopStripProps) {
  const heading = useId();
  const { loop: state, failure, reload } = useStore(loop);
  const turn = state?.turn;
  const isRunning = turn?.status === "running";
  const folder = dir ?? state?.dir;
  const reloadMs = reload && reload.contentHash === state?.last_good?.content_hash ? reload.ms : undefined;
  return (
    <section className="loop-strip" aria-labelledby={heading}>
      <div className="loop-head">
        <h3 id={heading}>Loop</h3>
        <LoopFacts state={state} />
        <div className="loop-actions">
          {folder !== undefined && (
            <CopyButton
              text={commandLine(["workbench", "dev", folder])}
              what="the command that runs this loop"
            />
          )}
          {isRunning && (
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<IconX size={12} aria-hidden />}
              onClick={() => void loop.cancel()}
            >
              Cancel
            </Button>
          )}
          <Button
            variant="default"
            size="compact-xs"
            disabled={folder === undefined || isRunning}
            leftSection={<IconRefresh size={12} aria-hidden />}
            onClick={() => void loop.run(folder)}
          >
            Run now
          </Button>
          {state?.mode === "watching" ? (
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<IconPlayerStop size={12} aria-hidden />}
              onClick={() => void loop.stop()}
            >
              Stop watching
            </Button>
          ) : (
            <Button
              size="compact-xs"
              disabled={folder === undefined}
              leftSection={<IconPlayerPlay size={12} aria-hidden />}
              onClick={() => void loop.start(folder)}
            >
              Build on save
            </Button>
          )}
        </div>
      </div>
      {turn && <Stages stages={turn.stages} reloadMs={turn.status === "succeeded" ? reloadMs : undefined} />}
      {failure && <OrderFailure message={failure.message} hint={failure.hint} />}
      {state?.stopped_by && (
        <OrderFailure message={`The watch ended: ${state.stopped_by.message}`} hint={state.stopped_by.hint} />
      )}
      {turn?.failure && (
        <div className="loop-failure" role="alert">
          <p>
            ✕ <Prose text={turn.failure.message} /> <code>{turn.failure.code}</code>
          </p>
          {turn.failure.hint && (
            <p className="dim">
              <Prose text={turn.failure.hint} />
            </p>
          )}
          {!isBrief && <Diagnostics diagnostics={turn.failure.diagnostics} navigation={navigation} />}
        </div>
      )}
    </section>
  );
}

function LoopFacts({ state }: { readonly state: LoopState | undefined }) {
  const { turn, last_good: good, stale, mode } = state ?? {};
  return (
    <>
      <span>{mode === "watching" ? "builds on save" : "not watching"}</span>
      {turn?.kind === "ui" && <Tag tone="host">UI only</Tag>}
      {turn?.status === "cancelled" && <Tag tone="warn">cancelled</Tag>}
      {stale && <Tag tone="bad">stale: the last good build runs</Tag>}
      {good ? (
        <span>
          live {good.name} {good.version} since <time dateTime={good.at}>{formatTime(good.at)}</time>, in{" "}
          {formatDuration(good.duration_ms)} ·{" "}
          <code title={good.content_hash}>{shortHash(good.content_hash)}</code> · signed with{" "}
          <code className="loop-key" title={good.key_id}>
            {good.key_id}
          </code>
        </span>
      ) : (
        <span>Nothing was built since the host started.</span>
      )}
    </>
  );
}

const SIGNS: Record<LoopStageState["status"], string> = {
  waiting: "·",
  running: "…",
  done: "✓",
  failed: "✕",
  cancelled: "–",
};

function Stages({
  stages,
  reloadMs,
}: {
  readonly stages: readonly LoopStageState[];
  readonly reloadMs: number | undefined;
}) {
  const reload = {
    stage: "reload",
    status: reloadMs === undefined ? "waiting" : "done",
    ms: reloadMs,
  } as const;
  return (
    <ol className="loop-stages" aria-label="Stages of the last turn">
      {[...stages, reload].map(({ stage, status, ms }) => (
        <li key={stage} className={`loop-stage loop-stage-${status}`}>
          <span aria-hidden>{SIGNS[status]}</span> <strong>{stage}</strong>{" "}
          <span>{ms === undefined ? status : formatDuration(ms)}</span>
          {ms !== undefined && <span className="visually-hidden"> {status}</span>}
        </li>
      ))}
    </ol>
  );
}

function OrderFailure({ message, hint }: { readonly message: string; readonly hint?: string | undefined }) {
  return (
    <p className="loop-failure" role="alert">
      ✕ {message} {hint && <Prose text={hint} />}
    </p>
  );
}

function Diagnostics({
  diagnostics,
  navigation,
}: {
  readonly diagnostics: readonly LoopDiagnostic[];
  readonly navigation: Navigation;
}) {
  const rest = diagnostics.length - SHOWN_DIAGNOSTICS;
  return (
    <ul>
      {diagnostics.slice(0, SHOWN_DIAGNOSTICS).map(({ file, line, column, code, message }) => (
        <li key={`${file}:${line}:${column}:${code}:${message}`}>
          {file !== undefined && (
            <button
              type="button"
              onClick={() =>
                navigation.go("project", {
                  file,
                  ...(line === undefined ? {} : { line: String(line) }),
                  ...(column === undefined ? {} : { column: String(column) }),
                })
              }
            >
              {[file, line, column].filter((part) => part !== undefined).join(":")}
            </button>
          )}{" "}
          {code && <code>{code}</code>} {message}
        </li>
      ))}
      {rest > 0 && <li>and {formatCount(rest)} more, which Problems lists below</li>}
    </ul>
  );
}
