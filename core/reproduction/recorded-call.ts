import type { Header, User } from "../contract/execute.ts";
import type { KeptExchange } from "../contract/execution-exchange.ts";
import { type ExecutionRecording, MAX_RECORDED_BODY_BYTES } from "../contract/execution-recording.ts";
import type { Omission } from "../contract/reproduction.ts";

/** A request as somebody kept it. */
export interface RecordedCall {
  readonly path: string;
  /** With its leading `?`, or empty. */
  readonly query: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
  readonly caller?: Caller;
  readonly omitted: readonly Omission[];
}

interface Caller {
  readonly user: Pick<User, "user_type" | "roles">;
  readonly name: string;
}

interface Sources {
  readonly recording: ExecutionRecording | undefined;
  /** What the asking window kept of it, and the persona that it was sent as. */
  readonly kept: KeptExchange | undefined;
  readonly persona: Caller | undefined;
  /** Path of the execution's row, which is all that is always there. */
  readonly path: string;
}

/** The record of a development tenant before what a window kept: the window cuts bodies sooner. */
export function recordedCall({ recording, kept, persona, path }: Sources): RecordedCall {
  const { request } = recording ?? {};
  if (request !== undefined) {
    const { path: recordedPath, query, headers, body_b64 } = request.http;
    const { user, body_omitted: missing } = request;
    return {
      path: recordedPath,
      query,
      headers,
      ...(body_b64 === undefined ? {} : { body: Buffer.from(body_b64, "base64") }),
      ...(user === undefined ? {} : { caller: { user, name: user.user_name } }),
      omitted: [
        ...(missing === undefined ? [] : [bodyOmission(missing)]),
        // A schedule or an event called, as whom no persona can.
        ...(user === undefined ? [notRecorded("persona")] : []),
      ],
    };
  }
  if (kept !== undefined) {
    const split = `${kept.path}?`.indexOf("?");
    return {
      path: kept.path.slice(0, split),
      query: kept.path.slice(split),
      headers: kept.request_headers,
      ...(kept.request_body === undefined ? {} : { body: Buffer.from(kept.request_body) }),
      ...(persona === undefined ? {} : { caller: persona }),
      omitted: [
        ...(kept.request_body_cut ? [{ part: "body", reason: "too_large" } as const] : []),
        ...(persona === undefined ? [notRecorded("persona")] : []),
      ],
    };
  }
  const parts = ["query", "headers", "body", "persona"] as const;
  return { path, query: "", headers: [], omitted: parts.map(notRecorded) };
}

function notRecorded(part: Omission["part"]): Omission {
  return { part, reason: "not_recorded" };
}

function bodyOmission({ size, sha256 }: { size: number; sha256: string }): Omission {
  return { part: "body", reason: size > MAX_RECORDED_BODY_BYTES ? "too_large" : "secret", size, sha256 };
}
