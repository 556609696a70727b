import type { Environment } from "../platform/environment.ts";

export interface CheckResult {
  readonly name: string;
  /** `warn`: the workbench works without it; `fail`: something it promises does not work. */
  readonly status: "pass" | "warn" | "fail";
  readonly detail: string;
  /** How to mend it, when there is something to mend. */
  readonly fix?: string;
}

export interface DoctorContext {
  readonly environment: Environment;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly now: () => Date;
  /** Opens the data folder as every command does, and closes it. */
  open(): Promise<void>;
}

export interface Check {
  readonly name: string;
  run(context: DoctorContext): Promise<Omit<CheckResult, "name">>;
}
