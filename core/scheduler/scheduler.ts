import type { InstalledExtension } from "../contract/install.ts";
import type { FieldErrors, ScheduleRun } from "../contract/schedule.ts";
import { type Poll, startPoll } from "../platform/poll.ts";
import { cronFault, describeCron, nextOccurrences, normaliseCron, timezoneFault } from "./cron-expression.ts";
import { scheduleEndpoints } from "./endpoint-choice.ts";
import { scheduleNotFound } from "./errors.ts";
import type { ScheduleObserver, SchedulerPorts } from "./ports.ts";
import { createRunRepository } from "./run-repository.ts";
import { createScheduleBook } from "./schedule-book.ts";
import { createScheduleRepository } from "./schedule-repository.ts";
import { createScheduleRuns } from "./schedule-runs.ts";

/** How often a host looks for what is due; also what another process has scheduled meanwhile. */
const LOOK_EVERY_MS = 1_000;
const PREVIEWED_RUNS = 3;
const MAX_LISTED_RUNS = 100;

export type Scheduler = ReturnType<typeof createScheduler>;

/** The cron schedules of all installs. Nothing runs by itself before `start`. */
export function createScheduler(ports: SchedulerPorts) {
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const schedules = createScheduleRepository(ports.database);
  const runs = createRunRepository(ports.database);
  const book = createScheduleBook({ ports, schedules, changed });
  const observers = new Set<ScheduleObserver>();
  const work = createScheduleRuns({ ports, schedules, runs, changed, observers });
  let poll: Poll | undefined;

  return {
    ...book,
    /** Endpoints of the installed version, and which of them a schedule may call. */
    endpoints: (install: InstalledExtension) => scheduleEndpoints(install.manifest),
    /** What an expression means, before anything is made of it. */
    preview(given: { cron: string; timezone: string }): {
      errors: FieldErrors;
      description?: string;
      next_runs: string[];
    } {
      const cron = normaliseCron(given.cron);
      const faults = { cron: cronFault(cron), timezone: timezoneFault(given.timezone) };
      const errors: FieldErrors = {
        ...(faults.cron === undefined ? {} : { cron: faults.cron }),
        ...(faults.timezone === undefined ? {} : { timezone: faults.timezone }),
      };
      if (Object.keys(errors).length > 0) return { errors, next_runs: [] };
      const next = nextOccurrences(cron, given.timezone, ports.clock.now(), PREVIEWED_RUNS);
      return { errors, description: describeCron(cron), next_runs: next.map((date) => date.toISOString()) };
    },
    /** The schedule's newest runs first. Errors: `schedule_not_found`. */
    runs: (install: InstalledExtension, ref: string, limit = MAX_LISTED_RUNS): ScheduleRun[] =>
      work.list(book.get(install, ref).id, Math.min(limit, MAX_LISTED_RUNS)),
    /**
     * Runs it at once, on time or not, enabled or not, and waits for the end.
     * Errors: `schedule_not_found`, `schedule_running`, `schedule_not_runnable`.
     */
    async runNow(install: InstalledExtension, ref: string): Promise<ScheduleRun> {
      const run = await work.runNow(install, book.get(install, ref).id);
      if (run === undefined) throw scheduleNotFound();
      return run;
    },
    /** Begins to run what is due. */
    start(): void {
      poll ??= startPoll(
        ports.timers,
        LOOK_EVERY_MS,
        () => work.look(),
        (error) => ports.logger.error({ err: error }, "schedules could not be looked at"),
      );
    },
    /** Told after every change that this process made. The answer ends it. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    observe: (observer: ScheduleObserver): void => void observers.add(observer),
    settled: () => work.settled(),
    /** Runs under way are given up and recorded as interrupted. */
    async stop(): Promise<void> {
      poll?.stop();
      await work.stop();
    },
  };
}
