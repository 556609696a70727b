import type { ExecuteResponse } from "../../contract/execute.ts";
import { DEFAULT_HEADER_BYTES } from "../../contract/limits.ts";
import { decide, keptHeaders, RESPONSE_LADDER } from "../../policy/index.ts";
import type { GuestResponse } from "../guest/messages.ts";

type Answer = Omit<ExecuteResponse, "usage">;

/** What a handler answered, by the same decisions that the gateway makes again; refused whole or kept in part. */
export function answerOf(response: GuestResponse, maxBodyBytes: number): Answer {
  const { status, headers, body } = response;
  const { refusal } = decide(RESPONSE_LADDER, {
    limits: {
      response_body_bytes: { value: maxBodyBytes, source: "runner" },
      header_bytes: { value: DEFAULT_HEADER_BYTES, source: "runner" },
    },
    status,
    headers,
    bodyBytes: body?.byteLength ?? 0,
  });
  if (refusal !== undefined) {
    const code = refusal.code === "response_too_large" ? "response_too_large" : "bad_handler";
    return failureAnswer(code, refusal.detail);
  }
  return {
    status,
    headers: keptHeaders(headers),
    ...(body === undefined || body.byteLength === 0
      ? {}
      : { body_b64: Buffer.from(body).toString("base64") }),
  };
}

/** The runner itself answers 502 for every failure; the gateway maps the code. */
export function failureAnswer(
  code: NonNullable<ExecuteResponse["error"]>["code"],
  message: string,
  verificationCode?: string,
): Answer {
  return {
    status: 502,
    headers: [],
    error: {
      code,
      message,
      ...(verificationCode === undefined ? {} : { verification_code: verificationCode }),
    },
  };
}
