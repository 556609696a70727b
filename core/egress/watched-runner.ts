import type { ExecuteRequest, ExecuteResponse } from "../contract/execute.ts";
import type { Logger } from "../platform/logger.ts";
import type { RefusalBook } from "./refusal-book.ts";

interface Runner {
  execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteResponse>;
}

export interface WatchedRunnerOptions {
  readonly runner: Runner;
  readonly book: Pick<RefusalBook, "add">;
  readonly logger: Logger;
  /** The text without the install's secrets, in case that the runner left one in a host's name. */
  redact(installId: string, text: string): string;
}

/** A runner of whose executions it is kept what their egress was refused. */
export function createWatchedRunner({ runner, book, logger, redact }: WatchedRunnerOptions): Runner {
  return {
    async execute(request, signal) {
      const response = await runner.execute(request, signal);
      const { refused_egress: refused = [], ...answer } = response;
      if (refused.length === 0) return response;
      const { install_id: installId, execution_id: executionId = "" } = request.context;
      try {
        book.add(
          { installId, executionId },
          refused.map((target) => ({ ...target, host: redact(installId, target.host) })),
        );
      } catch (error) {
        // The call has happened: what cannot be kept does not change its answer.
        logger.error({ err: error }, "refused egress could not be kept");
      }
      return answer;
    },
  };
}
