import type { LoopState, LoopTurn } from "../../../core/contract/rpc/loop.ts";
import type { BottomPanel } from "../bottom-panel.ts";
import type { Loop } from "./loop.ts";

type Lines = Parameters<BottomPanel["appendBuild"]>[0];

/** Writes every turn of the loop into the window's build output as it goes; the answer ends it. */
export function writeBuildOutput(
  loop: Pick<Loop, "get" | "subscribe">,
  panel: Pick<BottomPanel, "appendBuild">,
) {
  let before = loop.get().loop;
  return loop.subscribe(() => {
    const now = loop.get().loop;
    if (now === before) return;
    const lines = linesBetween(before, now, new Date().toISOString());
    before = now;
    if (lines.length > 0) panel.appendBuild(lines);
  });
}

/** What is new in a state of the loop, as lines. */
export function linesBetween(before: LoopState | undefined, now: LoopState | undefined, at: string): Lines {
  const turn = now?.turn;
  if (turn === undefined) return [];
  const earlier = before?.turn?.number === turn.number ? before.turn : undefined;
  const done = new Set(earlier?.stages.filter(({ status }) => status === "done").map(({ stage }) => stage));
  return [
    ...(earlier === undefined ? [{ at: turn.started_at, text: beginText(turn) }] : []),
    ...turn.stages
      .filter(({ stage, status }) => status === "done" && !done.has(stage))
      .map(({ stage, ms = 0 }) => ({ at, text: `  ${stage} ${Math.round(ms)} ms` })),
    ...(turn.status === "running" || earlier?.status === turn.status
      ? []
      : endLines(turn, now?.last_good, at)),
  ];
}

function beginText({ number, kind, changed_files }: LoopTurn): string {
  const why =
    changed_files === 0 ? "asked for" : `${changed_files} ${changed_files === 1 ? "file" : "files"} changed`;
  return `Turn ${number}: ${kind === "ui" ? "UI only, " : ""}${why}`;
}

function endLines(turn: LoopTurn, good: LoopState["last_good"], at: string): Lines {
  const ms = Math.round(turn.duration_ms ?? 0);
  if (turn.status === "succeeded") {
    return [{ at, tone: "ok", text: `✓ ${good?.name ?? ""} ${good?.version ?? ""} is live after ${ms} ms` }];
  }
  if (turn.status === "cancelled") return [{ at, tone: "warn", text: `Cancelled after ${ms} ms` }];
  const { failure } = turn;
  return [
    { at, tone: "bad", text: `✕ ${failure?.message ?? "The turn failed."} (${failure?.code ?? "internal"})` },
    ...(failure?.diagnostics ?? []).map(({ file, line, column, code, message }) => ({
      at,
      tone: "bad" as const,
      text: `  ${[file, line, column].filter((part) => part !== undefined).join(":")} ${code ?? ""} ${message}`,
    })),
    ...(failure?.hint ? [{ at, text: `  ${failure.hint}` }] : []),
    ...(good ? [{ at, tone: "warn" as const, text: `  ${good.version} stays installed.` }] : []),
  ];
}
