import type { ContentHash } from "../contract/content-hash.ts";
import type { User } from "../contract/execute.ts";
import type { KeptExchange } from "../contract/execution-exchange.ts";
import type { ExecutionRecord } from "../contract/execution-record.ts";
import type { ExecutionRecording } from "../contract/execution-recording.ts";
import {
  type Omission,
  REPRODUCTION_FORMAT,
  type ReproducedOutcome,
  type Reproduction,
  reproductionSchema,
} from "../contract/reproduction.ts";
import { ReproductionError } from "./errors.ts";
import { recordedCall } from "./recorded-call.ts";

/**
 * Credentials; what names one call and no other, which a second call must not have; and what the gateway adds. The
 * tenant's own headers say nothing at another tenant.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-api-key",
  "x-request-id",
  "x-idempotency-key",
  "x-alga-tenant",
  "x-alga-extension",
  "x-tenant-id",
]);
/** How a secret that was taken out is marked. */
const SECRET_MARK = /\[secret [^\]]+\]/g;

export interface ReproductionSource {
  readonly execution: ExecutionRecord;
  readonly recording: ExecutionRecording | undefined;
  readonly kept?: KeptExchange | undefined;
  readonly persona?: { readonly user: Pick<User, "user_type" | "roles">; readonly name: string } | undefined;
  /** Of the version that ran. */
  readonly version?: { readonly version: string; readonly content_hash: ContentHash } | undefined;
  /** Takes the install's secrets out. */
  redact(text: string): string;
}

/**
 * One recorded call as a file that another workbench can read.
 * @throws ReproductionError `reproduction_not_possible`: it has not ended, or was no call that the gateway takes
 */
export function reproductionOf(source: ReproductionSource): Reproduction {
  const { execution, recording, version } = source;
  const call = recordedCall({
    recording,
    kept: source.kept,
    persona: source.persona,
    path: execution.path,
  });
  const path = source.redact(call.path);
  const query = source.redact(call.query);
  const headers = call.headers
    .filter(({ name }) => !LEFT_OUT.has(name.toLowerCase()))
    .map(({ name, value }) => ({ name, value: source.redact(value) }));
  const body = call.body === undefined ? {} : bodyOf(call.body, source.redact);
  const secretParts = (
    [
      ["path", path],
      ["query", query],
      ["headers", headers.map(({ value }) => value).join("\n")],
      ["body", "body" in body ? (body.body ?? "") : ""],
    ] as const
  ).flatMap(([part, text]) => (text.search(SECRET_MARK) !== -1 ? [{ part, reason: "secret" } as const] : []));
  const isWithoutBody = execution.method === "GET";
  return checked({
    format: REPRODUCTION_FORMAT,
    version: 1,
    extension: execution.extension_name || execution.extension_id,
    ...(version === undefined
      ? {}
      : { extension_version: version.version, content_hash: version.content_hash }),
    recorded_at: execution.started_at,
    request: {
      method: execution.method,
      path: inAddress(path),
      query: inAddress(query),
      headers,
      ...("omitted" in body ? {} : body),
    },
    ...(call.caller === undefined ? {} : { as: kindOf(call.caller.user), persona: call.caller.name }),
    outcome: outcomeOf(execution, recording),
    omitted: onePerPart([
      ...call.omitted,
      ...secretParts,
      ...("omitted" in body ? [{ part: "body", reason: "secret" } as const] : []),
    ]).filter(({ part }) => part !== "body" || !isWithoutBody),
  });
}

/** How an execution ended, as far as another one can be compared with it. */
export function outcomeOf(
  { outcome, status, code }: Pick<ExecutionRecord, "outcome" | "status" | "code">,
  recording: ExecutionRecording | undefined,
): ReproducedOutcome {
  if (outcome === "running") {
    throw new ReproductionError({
      code: "reproduction_not_possible",
      message: "The execution has not ended: nothing could be compared with it.",
      hint: "Save it when it has ended.",
    });
  }
  // A refusal's body is the gateway's own and holds the request id.
  const hasAnswer = outcome === "succeeded" && recording !== undefined;
  return {
    outcome,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(hasAnswer ? { body: recording.response.body } : {}),
  };
}

/** A mark has a space in it, which no address can have. */
function inAddress(text: string): string {
  return text.replace(SECRET_MARK, encodeURIComponent);
}

/** Text as text; what is none as base64, and not at all where a secret is in it. */
function bodyOf(
  bytes: Uint8Array,
  redact: (text: string) => string,
): { body?: string } | { body_b64: string } | { omitted: true } {
  if (bytes.byteLength === 0) return {};
  try {
    return { body: redact(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch {
    const text = Buffer.from(bytes).toString("base64");
    return redact(text) === text ? { body_b64: text } : { omitted: true };
  }
}

function kindOf({ user_type, roles = [] }: Pick<User, "user_type" | "roles">): Reproduction["as"] {
  return user_type === "client" ? { user_type } : { user_type, roles };
}

function onePerPart(omitted: readonly Omission[]): Omission[] {
  return [...new Map(omitted.toReversed().map((each) => [each.part, each])).values()].toReversed();
}

/** By the schema that the reader judges by: what cannot be read back is not written. */
function checked(made: Record<keyof Reproduction, unknown> | Partial<Record<keyof Reproduction, unknown>>) {
  const parsed = reproductionSchema.safeParse(made);
  if (parsed.success) return parsed.data;
  throw new ReproductionError({
    code: "reproduction_not_possible",
    message: "This call cannot be made again through the gateway.",
    details: {
      where: parsed.error.issues[0]?.path.join(".") ?? "",
      expected: parsed.error.issues[0]?.message ?? "",
    },
  });
}
