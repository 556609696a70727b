import type { InstalledExtension } from "../contract/install.ts";
import type { ScheduleRun } from "../contract/schedule.ts";
import { nextOccurrence } from "./cron-expression.ts";
import { alreadyRunning, notRunnable } from "./errors.ts";
import type { ScheduleObserver, SchedulerPorts } from "./ports.ts";
import { endOf, interruptedEnd, judgeOccurrence, notRunEnd } from "./run-outcome.ts";
import type { RunEnd, RunRepository, RunStart } from "./run-repository.ts";
import type { ScheduleRepository, ScheduleRow } from "./schedule-repository.ts";
import { scheduleProblem } from "./schedule-view.ts";

/** Runs that one host has under way at once; what is due beyond waits for the next look. */
const MAX_CONCURRENT_RUNS = 16;
/** How long a run stays its host's without a sign of life. */
const LEASE_MS = 60_000;

interface RunParts {
  readonly ports: SchedulerPorts;
  readonly schedules: ScheduleRepository;
  readonly runs: RunRepository;
  changed(): void;
  readonly observers: ReadonlySet<ScheduleObserver>;
}

type EndedRun = Parameters<ScheduleObserver["ended"]>[0];

/** One due occurrence that is ours: to perform, or over already. */
type Claimed = { readonly started: StartedRun } | { readonly ended: EndedRun };

interface StartedRun {
  readonly start: RunStart;
  readonly schedule: ScheduleRow;
  readonly install: InstalledExtension;
}

/** Claims what is due and runs it. Two hosts over one database share the work without doing any of it twice. */
export function createScheduleRuns({ ports, schedules, runs, changed, observers }: RunParts) {
  const { database, clock, ids, installs, logger } = ports;
  const stopping = new AbortController();
  const active = new Map<string, Promise<void>>();

  const leaseEnd = () => new Date(clock.now().getTime() + LEASE_MS).toISOString();

  /** In the caller's transaction. */
  function begin(
    schedule: ScheduleRow,
    install: InstalledExtension,
    from: Pick<RunStart, "trigger" | "due_at">,
  ) {
    const start: RunStart = {
      ...from,
      id: ids.uuid(),
      schedule_id: schedule.id,
      started_at: clock.now().toISOString(),
    };
    runs.begin(start, leaseEnd());
    schedules.setLastRun(schedule.id, {
      last_run_at: start.started_at,
      last_run_status: "running",
      last_error: null,
      last_execution_id: null,
    });
    return { start, schedule, install };
  }

  /** A run that is over, on its schedule too unless a later one has begun. */
  const finish = database.transaction(
    (run: Pick<ScheduleRun, "id" | "schedule_id" | "started_at">, end: RunEnd): boolean => {
      if (!runs.end(run.id, end)) return false;
      noteOn(run.schedule_id, run.started_at, end);
      return true;
    },
  );

  const tellEnd = (ended: EndedRun) => {
    for (const observer of observers) observer.ended(ended);
  };

  function noteOn(scheduleId: string, startedAt: string, end: RunEnd): void {
    const schedule = schedules.get(scheduleId);
    if (schedule === undefined || (schedule.last_run_at ?? "") > startedAt) return;
    schedules.setLastRun(scheduleId, {
      last_run_at: startedAt,
      last_run_status: end.outcome,
      last_error: end.error ?? null,
      last_execution_id: end.execution_id ?? null,
    });
  }

  /** Takes one due occurrence; answers nothing when it is another host's or is not to count. */
  const claim = database.transaction((seen: ScheduleRow, due: string): Claimed | undefined => {
    const now = clock.now();
    const next = nextOccurrence(seen.cron, seen.timezone, now)?.toISOString() ?? null;
    if (!schedules.advance(seen.id, due, next)) return undefined;
    const install = installs.find(seen.install_id);
    // A disabled install pauses its schedules: what comes meanwhile is neither run nor missed.
    if (install === undefined || !install.enabled) return undefined;
    const verdict = judgeOccurrence({
      lateMs: now.getTime() - Date.parse(due),
      missed: seen.missed,
      isRunning: runs.isRunning(seen.id),
      problem: scheduleProblem(seen, install),
    });
    const from = { trigger: verdict.trigger, due_at: due };
    if (verdict.run) return { started: begin(seen, install, from) };
    const start = { ...from, id: ids.uuid(), schedule_id: seen.id, started_at: now.toISOString() };
    const end = notRunEnd(verdict.outcome, verdict.code, verdict.error, now.toISOString());
    runs.record(start, end);
    // An overlap leaves the schedule showing the run that is still going on.
    if (verdict.code !== "overlap") noteOn(seen.id, start.started_at, end);
    const { trigger, outcome } = verdict;
    return { ended: { extension: install.extension_name, trigger, outcome } };
  });

  const claimNow = database.transaction((install: InstalledExtension, scheduleId: string): StartedRun => {
    endAbandoned();
    const schedule = schedules.get(scheduleId);
    if (schedule === undefined) throw notRunnable("The schedule was deleted meanwhile.");
    if (!install.enabled) throw notRunnable("The install is disabled, which pauses its schedules.");
    const problem = scheduleProblem(schedule, install);
    if (problem !== undefined) throw notRunnable(problem);
    if (runs.isRunning(scheduleId)) throw alreadyRunning();
    return begin(schedule, install, { trigger: "manual", due_at: clock.now().toISOString() });
  });

  async function perform({ start, schedule, install }: StartedRun): Promise<void> {
    const end = await outcomeOf(start, schedule, install);
    const { extension_name: extension } = install;
    try {
      if (finish.immediate(start, end)) tellEnd({ extension, trigger: start.trigger, outcome: end.outcome });
    } catch (error) {
      // Its lease runs out, and whoever looks then calls it interrupted.
      logger.error(
        { schedule_id: schedule.id, err: error },
        "the end of a scheduled run could not be recorded",
      );
    }
    active.delete(start.id);
    changed();
  }

  async function outcomeOf(
    start: RunStart,
    schedule: ScheduleRow,
    install: InstalledExtension,
  ): Promise<RunEnd> {
    const finishedAt = () => clock.now().toISOString();
    try {
      const answer = await ports.call({
        caller: "scheduler",
        install,
        method: schedule.endpoint_method,
        path: schedule.endpoint_path,
        // A GET has no body to put it in.
        body: schedule.endpoint_method === "GET" ? undefined : (schedule.payload ?? undefined),
        idempotencyKey: start.id,
        signal: stopping.signal,
      });
      return endOf(answer, finishedAt());
    } catch (error) {
      if (stopping.signal.aborted) return interruptedEnd(finishedAt());
      logger.error({ schedule_id: schedule.id, err: error }, "a scheduled call failed inside the workbench");
      return notRunEnd("failed", "internal", "Something inside the workbench failed.", finishedAt());
    }
  }

  function launch(started: StartedRun): Promise<void> {
    const { trigger, started_at, due_at } = started.start;
    const lateMs = Math.max(0, Date.parse(started_at) - Date.parse(due_at));
    if (trigger !== "manual")
      for (const observer of observers) observer.began({ extension: started.install.extension_name, lateMs });
    const done = perform(started);
    active.set(started.start.id, done);
    return done;
  }

  function endAbandoned(): boolean {
    const now = clock.now().toISOString();
    const abandoned = runs.abandoned(now);
    for (const run of abandoned) {
      const end = interruptedEnd(now);
      const install = installs.find(schedules.get(run.schedule_id)?.install_id ?? "");
      if (finish(run, end))
        tellEnd({ extension: install?.extension_name ?? "", trigger: run.trigger, outcome: end.outcome });
    }
    return abandoned.length > 0;
  }

  return {
    /** Everything that is to be done at this moment. */
    look(): void {
      if (stopping.signal.aborted) return;
      for (const id of active.keys()) runs.renew(id, leaseEnd());
      let isChanged = endAbandoned();
      for (const row of schedules.due(clock.now().toISOString())) {
        if (active.size >= MAX_CONCURRENT_RUNS || row.next_run_at === null) break;
        const claimed = claim.immediate(row, row.next_run_at);
        isChanged = true;
        if (claimed === undefined) continue;
        if ("started" in claimed) void launch(claimed.started);
        else tellEnd(claimed.ended);
      }
      if (isChanged) changed();
    },
    /** Runs it now and waits for the end. Errors: `schedule_running`, `schedule_not_runnable`. */
    async runNow(install: InstalledExtension, scheduleId: string): Promise<ScheduleRun | undefined> {
      const started = claimNow.immediate(install, scheduleId);
      changed();
      await launch(started);
      return runs.get(started.start.id);
    },
    /** Newest first. */
    list: (scheduleId: string, limit: number) => runs.list(scheduleId, limit),
    /** Resolves when nothing is under way. */
    async settled(): Promise<void> {
      while (active.size > 0) await Promise.all(active.values());
    },
    /** Gives up what is under way and waits until that is recorded. */
    async stop(): Promise<void> {
      stopping.abort(new Error("the host stops"));
      await this.settled();
    },
  };
}
