import { WorkbenchError } from "../contract/errors.ts";
import type { LoopStage, LoopState, LoopTurn } from "../contract/rpc/loop.ts";
import { failureOf } from "./failure.ts";
import { createLatest } from "./latest.ts";
import type { LoopResult, StageReport } from "./loop.ts";
import { beginTurn, stageBegan, stageEnded, turnStopped, turnSucceeded } from "./turn-state.ts";

export interface TurnRequest {
  readonly dir: string;
  /** Nothing outside `ui/` has changed since the last component was built. */
  readonly reuseComponent: boolean;
  readonly signal: AbortSignal;
  readonly onBegin: (stage: LoopStage) => void;
  readonly onStage: (report: StageReport) => void;
}

export interface LoopServicePorts {
  /** Builds, packs, signs, publishes, installs. */
  turn(request: TurnRequest): Promise<LoopResult>;
  /** Tells of saved files until aborted; outputs of builds are not among them. Bursts come as one call. */
  watch(options: {
    readonly dir: string;
    readonly onChange: (changed: readonly string[]) => void;
    readonly onReady: () => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /** Folder of the project that is open in the window. */
  openProject(): string | undefined;
  /** Called when a turn has succeeded or failed; one that was cancelled says nothing about the sources. */
  onTurn?(dir: string, turn: LoopTurn): void;
  clock: { now(): Date };
}

class LoopError extends WorkbenchError<"no_project_open"> {}

/** Stages after which cancelling would waste what is nearly done; a change then waits for the turn to end. */
const COMMITTED: readonly LoopStage[] = ["publish", "install"];

/** The loop of one project at a time: watches, runs one turn after the other, keeps the last good build. */
export type LoopService = ReturnType<typeof createLoopService>;

export function createLoopService(ports: LoopServicePorts) {
  const latest = createLatest<LoopState>({ mode: "off", stale: false });
  let watching: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  let running:
    | { readonly abort: AbortController; readonly done: Promise<void>; stage?: LoopStage }
    | undefined;
  let turns = 0;
  /** Files saved that no turn has begun with; `undefined`: no turn is asked for. */
  let pending: Set<string> | undefined;
  /** The component in `dist/` is not that of the sources: nothing has been built, or a build was not finished. */
  let isComponentDirty = true;

  const change = (part: Partial<LoopState>): void => latest.set({ ...latest.get(), ...part });

  function folder(given: string | undefined): string {
    const dir = given ?? ports.openProject() ?? latest.get().dir;
    if (dir !== undefined) return dir;
    throw new LoopError({
      code: "no_project_open",
      message: "There is no project to build.",
      hint: "Open a project's folder, or make one with `workbench create DIR --name com.acme.hello`.",
    });
  }

  /** Another project begins without the memory of the one before. */
  function turnTo(dir: string): void {
    if (latest.get().dir === dir) return;
    isComponentDirty = true;
    latest.set({ mode: latest.get().mode, dir, stale: false });
  }

  /** Asks for a turn. A turn that is still building is given up for it: its sources are not the newest. */
  function ask(changed: readonly string[]): void {
    pending = new Set([...(pending ?? []), ...changed]);
    if (running === undefined) next();
    else if (running.stage === undefined || !COMMITTED.includes(running.stage)) running.abort.abort();
  }

  function next(): void {
    const { dir } = latest.get();
    if (pending === undefined || dir === undefined) return;
    const changed = pending;
    pending = undefined;
    const abort = new AbortController();
    const turn = { abort, done: run(dir, changed, abort.signal).then(ended, ended) };
    running = turn;
  }

  function ended(): void {
    running = undefined;
    next();
  }

  async function run(dir: string, changed: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    if ([...changed].some((path) => !isUiFile(path))) isComponentDirty = true;
    const reuseComponent = !isComponentDirty;
    turns += 1;
    const number = turns;
    const startedAt = ports.clock.now();
    const from = performance.now();
    const elapsed = (): number => performance.now() - from;
    change({
      turn: beginTurn({
        number,
        kind: reuseComponent ? "ui" : "full",
        startedAt,
        changedFiles: changed.size,
      }),
    });
    const update = (edit: (turn: LoopTurn) => LoopTurn): LoopTurn | undefined => {
      const { turn } = latest.get();
      return turn?.number === number ? edit(turn) : undefined;
    };
    const show = (turn: LoopTurn | undefined, rest: Partial<LoopState> = {}): void => {
      if (turn === undefined) return;
      change({ turn, ...rest });
      if (turn.status === "succeeded" || turn.status === "failed") ports.onTurn?.(dir, turn);
    };
    try {
      const result = await ports.turn({
        dir,
        reuseComponent,
        signal,
        onBegin: (stage) => {
          if (running) running.stage = stage;
          show(update((turn) => stageBegan(turn, stage)));
        },
        onStage: ({ stage, ms }) => {
          if (stage === "build") isComponentDirty = false;
          show(update((turn) => stageEnded(turn, stage, ms)));
        },
      });
      const { content_hash, name, version, install_id, key_id, duration_ms } = result;
      show(
        update((turn) => turnSucceeded(turn, duration_ms)),
        {
          stale: false,
          last_good: {
            content_hash,
            name,
            version,
            install_id,
            key_id,
            duration_ms,
            at: ports.clock.now().toISOString(),
          },
        },
      );
    } catch (error) {
      const isCancelled = signal.aborted;
      show(
        update((turn) => turnStopped(turn, elapsed(), error, isCancelled)),
        { stale: latest.get().last_good !== undefined },
      );
    }
  }

  async function stopWatching(): Promise<void> {
    const current = watching;
    watching = undefined;
    pending = undefined;
    current?.stop.abort();
    running?.abort.abort();
    await Promise.all([current?.done, running?.done]);
  }

  return {
    state: latest.get,
    /** The state now, then whenever it is another one. */
    follow: latest.follow,

    /** Watches the folder given, else the open project's, and runs a first turn. Errors: `no_project_open`. */
    async start(given?: string): Promise<LoopState> {
      const dir = folder(given);
      await stopWatching();
      turnTo(dir);
      // Nobody watched until now.
      isComponentDirty = true;
      const { stopped_by: _, ...rest } = latest.get();
      latest.set({ ...rest, mode: "watching" });
      const stop = new AbortController();
      const ready = Promise.withResolvers<void>();
      const done = ports
        .watch({ dir, signal: stop.signal, onChange: ask, onReady: () => ready.resolve() })
        .catch((error: unknown) => {
          const { diagnostics: _none, ...failure } = failureOf(error);
          if (!stop.signal.aborted) change({ mode: "off", stopped_by: failure });
        })
        .finally(() => ready.resolve());
      watching = { stop, done };
      // A file saved between the first build and the first notice would be missed.
      await ready.promise;
      if (!stop.signal.aborted && latest.get().mode === "watching") ask([]);
      return latest.get();
    },

    async stop(): Promise<LoopState> {
      await stopWatching();
      change({ mode: "off" });
      return latest.get();
    },

    /** A full turn now. Errors: `no_project_open`. */
    async run(given?: string): Promise<LoopState> {
      const dir = folder(given);
      if (dir !== latest.get().dir) await stopWatching().then(() => change({ mode: "off" }));
      turnTo(dir);
      isComponentDirty = true;
      ask([]);
      return latest.get();
    },

    async cancel(): Promise<LoopState> {
      pending = undefined;
      running?.abort.abort();
      await running?.done;
      return latest.get();
    },

    /** Resolves when nothing runs and nothing is asked for. */
    async idle(): Promise<void> {
      while (running) await running.done;
    },

    dispose: stopWatching,
  };
}

/** What a component build never reads. */
function isUiFile(path: string): boolean {
  return path === "ui" || path.startsWith("ui/");
}
