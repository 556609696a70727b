import type { ExecuteRequest, ExecuteResponse } from "../contract/execute.ts";
import type { ExecutionRecording } from "../contract/execution-recording.ts";
import { KIB } from "../contract/limits.ts";
import type { Logger } from "../platform/logger.ts";
import type { SecretText } from "../platform/secret-text.ts";
import type { RecordingStore } from "./recording-store.ts";
import { recordedJournal, recordedRequest, recordedResponse } from "./redaction.ts";

interface Runner {
  execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteResponse>;
}

export interface RecordingRunnerOptions {
  readonly runner: Runner;
  readonly store: Pick<RecordingStore, "add">;
  readonly logger: Logger;
  /** Whether values may be written down as they are. */
  isDevelopmentTenant(tenantId: string): boolean;
  /** Finds the secrets of an install. */
  secretText(installId: string): SecretText;
}

/** Bodies that wait with a recording that is yet to be made; of a larger body the recording is made at once, and lets go of it. */
const MAX_HELD_CHARACTERS = 64 * KIB;

/** A runner whose executions are recorded. The journal stays here: whoever called gets the answer alone. */
export function createRecordingRunner(options: RecordingRunnerOptions): Required<Runner> {
  const { runner, store, logger } = options;

  function record(request: ExecuteRequest, response: ExecuteResponse, isFull: boolean): void {
    const { execution_id: executionId, install_id: installId } = request.context;
    if (executionId === undefined) return;
    const make = (): ExecutionRecording => {
      const secrets = options.secretText(installId);
      return {
        limits: request.limits,
        ...(isFull ? { request: recordedRequest(request, secrets) } : {}),
        response: recordedResponse(response, secrets),
        ...(response.journal === undefined
          ? {}
          : { journal: recordedJournal(response.journal, isFull ? "full" : "digest", secrets) }),
      };
    };
    if (bodyCharacters(request, response) <= MAX_HELD_CHARACTERS) store.add(executionId, make);
    else {
      const recording = make();
      store.add(executionId, () => recording);
    }
  }

  return {
    async execute(request, signal) {
      const isFull = options.isDevelopmentTenant(request.context.tenant_id);
      const response = await runner.execute(isFull ? { ...request, journal: "full" } : request, signal);
      try {
        record(request, response, isFull);
      } catch (error) {
        // The call has happened: what cannot be recorded does not change its answer.
        logger.error({ err: error }, "a host-call journal could not be kept");
      }
      const { journal: _journal, ...answer } = response;
      return answer;
    },
  };
}

function bodyCharacters({ http }: ExecuteRequest, { body_b64 }: ExecuteResponse): number {
  return (http.body_b64?.length ?? 0) + (body_b64?.length ?? 0);
}
