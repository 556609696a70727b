import type { Decision } from "../contract/decision.ts";
import { WorkbenchError } from "../contract/errors.ts";
import { NO_USAGE, type Usage } from "../contract/execute.ts";
import type { ExecutionEnd, ExecutionStart } from "../contract/execution-record.ts";
import type { InstalledExtension } from "../contract/install.ts";
import type { Logger } from "../platform/logger.ts";
import {
  type Caller,
  decide,
  type RateStanding,
  type Rung,
  requestPath,
  type Verdict,
} from "../policy/index.ts";
import type { GatewayCall } from "./call.ts";
import { GatewayError } from "./errors.ts";
import type { ExecutionRecorder, GatewayPorts } from "./ports.ts";

/** Untrusted text in a row is kept this long. */
const MAX_RECORDED_CHARACTERS = 1_024;

/** What is known of one call so far: its decisions, whom and what it concerns, and its row in the execution log. */
export class CallJournal {
  readonly executionId: string;
  readonly requestId: string;
  readonly #request: GatewayCall;
  readonly #executions: ExecutionRecorder;
  readonly #redact: GatewayPorts["redact"];
  readonly #logger: Logger;
  readonly #trace: Verdict[] = [];
  /** The trace as far as it has been redacted, by the secrets of which install. */
  #shown: { readonly installId: string; readonly decisions: Decision[] } = { installId: "", decisions: [] };
  #caller: Caller | undefined;
  #install: InstalledExtension | undefined;
  #rate: RateStanding | undefined;
  #begun = false;

  constructor(options: {
    executionId: string;
    requestId: string;
    request: GatewayCall;
    executions: ExecutionRecorder;
    redact: GatewayPorts["redact"];
    logger: Logger;
  }) {
    this.executionId = options.executionId;
    this.requestId = options.requestId;
    this.#request = options.request;
    this.#executions = options.executions;
    this.#redact = options.redact;
    this.#logger = options.logger;
  }

  /** True once the tenant is known: from then on the call has a row, whatever becomes of it. */
  get isRecorded(): boolean {
    return this.#caller !== undefined;
  }

  get install(): InstalledExtension | undefined {
    return this.#install;
  }

  /** Every decision so far, as it is kept and shown: without the install's secrets, which failures may quote. */
  get trace(): Decision[] {
    const installId = this.#install?.install_id ?? "";
    // The row and the answer both ask: what was redacted for the one serves the other.
    if (this.#shown.installId !== installId) this.#shown = { installId, decisions: [] };
    const { decisions } = this.#shown;
    for (const { rule, outcome, code, detail, source, budgets } of this.#trace.slice(decisions.length)) {
      decisions.push({
        rule,
        outcome,
        ...(code === undefined ? {} : { code }),
        detail: this.#redact(installId, detail),
        source,
        ...(budgets === undefined ? {} : { budgets }),
      });
    }
    return [...decisions];
  }

  identified(caller: Caller): void {
    this.#caller = caller;
  }

  resolved(install: InstalledExtension): void {
    this.#install = install;
  }

  /** How the caller stands with its rate, once that was asked. */
  get rate(): RateStanding | undefined {
    return this.#rate;
  }

  rated(standing: RateStanding | undefined): void {
    this.#rate = standing;
  }

  note(verdict: Verdict): void {
    this.#trace.push(verdict);
  }

  /** Asks a part of the ladder. @throws GatewayError at the first refusal, which is the trace's last entry */
  ask<Facts>(ladder: readonly Rung<Facts>[], facts: Facts): void {
    const { trace, refusal } = decide(ladder, facts);
    this.#trace.push(...trace);
    if (refusal !== undefined) throw new GatewayError(refusal);
  }

  /** Writes the row before dispatch. What cannot be recorded is not executed. @throws GatewayError `internal` */
  async begin(): Promise<void> {
    try {
      await this.#executions.begin(this.#start());
    } catch (error) {
      const reason = error instanceof WorkbenchError ? ` ${error.message}` : "";
      const failure = GatewayError.internal(
        `The call could not be recorded, so it was not executed.${reason}`,
        error,
      );
      this.note(failure.denial);
      throw failure;
    }
    this.#begun = true;
  }

  /** Writes the end. By now the call has happened, so a failing store is reported and does not change the answer. */
  async end(
    outcome: ExecutionEnd["outcome"],
    result: { status?: number; code?: string; usage?: Usage },
  ): Promise<void> {
    if (this.#caller === undefined) return;
    const end: ExecutionEnd = {
      outcome,
      ...(result.status === undefined ? {} : { status: result.status }),
      ...(result.code === undefined ? {} : { code: result.code }),
      usage: result.usage ?? NO_USAGE,
      trace: this.trace,
    };
    try {
      if (this.#begun) await this.#executions.finish(this.executionId, end);
      else await this.#executions.record(this.#start(), end);
    } catch (error) {
      this.#logger.error(
        { execution_id: this.executionId, err: error },
        "an execution could not be recorded",
      );
    }
  }

  /** True once the row says that the call was dispatched. */
  get isBegun(): boolean {
    return this.#begun;
  }

  #start(): ExecutionStart {
    const target = requestPath(this.#request.target);
    const install = this.#install;
    return {
      id: this.executionId,
      request_id: this.requestId,
      tenant_id: this.#caller?.tenant.id ?? "",
      extension_id: install?.registry_id ?? clip(this.#request.extension),
      extension_name: install?.extension_name ?? "",
      version_id: install?.version_id ?? "",
      install_id: install?.install_id ?? "",
      content_hash: install?.content_hash ?? "",
      method: clip(this.#request.method),
      path: clip(
        this.#redact(
          install?.install_id ?? "",
          target.ok ? target.path : (this.#request.target.split("?")[0] ?? ""),
        ),
      ),
    };
  }
}

function clip(text: string): string {
  return text.slice(0, MAX_RECORDED_CHARACTERS).toWellFormed();
}
