import type { KeptExchange } from "../contract/execution-exchange.ts";
import type { ExecutionRecording } from "../contract/execution-recording.ts";
import type { Reproduction, ReproductionReport } from "../contract/reproduction.ts";
import type { GatewayResult } from "../gateway/index.ts";
import type { ExecutionLog } from "../logs/index.ts";
import type { Registry } from "../registry/index.ts";
import { outcomeDifferences, outcomeOf, ReproductionError, reproductionOf } from "../reproduction/index.ts";
import type { Tenants } from "../tenants/index.ts";
import type { CallRequest } from "./call-request.ts";
import { unknownExecution } from "./unknown-execution.ts";

export interface ReproduceOptions {
  readonly tenantId: string;
  /** Default: the persona of that name and kind, else the first of that kind. */
  readonly personaId?: string | undefined;
  /** Sends what is there although the file says that something is missing. */
  readonly partial?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Recorded calls as files, and the same calls again. */
export interface Reproductions {
  /** @throws ReproductionError, or `execution_not_found` */
  of(idOrRequestId: string, kept?: KeptExchange): Reproduction;
  /** Sends the call at what is installed, and compares. @throws ReproductionError */
  reproduce(reproduction: Reproduction, options: ReproduceOptions): Promise<ReproductionReport>;
}

interface Options {
  readonly executions: Pick<ExecutionLog, "find">;
  readonly recordings: { recording(executionId: string): ExecutionRecording | undefined };
  readonly registry: Pick<Registry, "versions" | "resolveInstall">;
  readonly tenants: { readonly personas: Pick<Tenants["personas"], "list"> };
  readonly redact: (installId: string, text: string) => string;
  call(request: CallRequest): Promise<GatewayResult>;
}

export function createReproductions(options: Options): Reproductions {
  const { executions, recordings, registry, tenants, redact } = options;

  function personaFor({ as, persona: name }: Reproduction, tenantId: string): string | undefined {
    if (as === undefined) return undefined;
    const alike = tenants.personas
      .list(tenantId)
      .filter(({ user }) => user.user_type === as.user_type)
      .filter(({ user }) => as.user_type === "client" || isSame(as.roles, user.roles ?? []));
    const found = alike.find((persona) => persona.name === name) ?? alike[0];
    if (found !== undefined) return found.id;
    throw new ReproductionError({
      code: "reproduction_persona_missing",
      message: "The tenant has nobody like the one who called.",
      details: { expected: as },
      hint: "Name another persona with --persona.",
    });
  }

  return {
    of(id, kept) {
      const execution = executions.find(id);
      if (execution === undefined) throw unknownExecution(id);
      return reproductionOf({
        execution,
        recording: recordings.recording(execution.id),
        kept,
        persona: tenants.personas
          .list(execution.tenant_id)
          .find((persona) => kept?.persona_id !== undefined && persona.id === kept.persona_id),
        version: registry
          .versions(execution.extension_id)
          .find(({ version_id }) => version_id === execution.version_id),
        redact: (text) => redact(execution.install_id, text),
      });
    },
    async reproduce(reproduction, { tenantId, personaId, partial = false, signal }) {
      const { request, extension, extension_version, outcome: recorded, omitted } = reproduction;
      if (omitted.length > 0 && !partial) throw incomplete(reproduction);
      const result = await options.call({
        tenantId,
        personaId: personaId ?? personaFor(reproduction, tenantId),
        ref: extension,
        method: request.method,
        path: `${request.path}${request.query}`,
        headers: request.headers,
        body: bodyBytes(request),
        signal,
      });
      const execution = result.execution_id === undefined ? undefined : executions.find(result.execution_id);
      const reproduced = outcomeOf(
        execution ?? { outcome: "refused", status: result.status, code: result.error?.code },
        execution && recordings.recording(execution.id),
      );
      const differences = outcomeDifferences(recorded, reproduced);
      const installed = registry.resolveInstall(tenantId, extension)?.version;
      return {
        same: differences.length === 0,
        differences,
        extension,
        version: {
          ...(extension_version === undefined ? {} : { recorded: extension_version }),
          ...(installed === undefined ? {} : { installed }),
        },
        recorded,
        reproduced,
        request_id: result.request_id,
        ...(result.execution_id === undefined ? {} : { execution_id: result.execution_id }),
        omitted,
      };
    },
  };
}

function bodyBytes({ body, body_b64 }: Reproduction["request"]): Uint8Array | undefined {
  if (body_b64 !== undefined) return Buffer.from(body_b64, "base64");
  return body === undefined ? undefined : Buffer.from(body);
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}

function incomplete({ omitted }: Reproduction): ReproductionError {
  return new ReproductionError({
    code: "reproduction_incomplete",
    kind: "refused",
    message: "Not all of the call is in the file.",
    details: { omitted },
    hint: "Write what is missing into the file and take it off omitted, or send what is there with --partial.",
  });
}
