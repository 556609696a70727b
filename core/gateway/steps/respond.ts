import type { ExecuteResponse, Header } from "../../contract/execute.ts";
import { keptHeaders, RESPONSE_LADDER } from "../../policy/index.ts";
import type { CallJournal } from "../journal.ts";
import type { Route } from "./resolve.ts";

export interface ExtensionAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** The extension's answer as the caller may have it. @throws GatewayError `bad_handler`, `response_too_large` */
export function respond(route: Route, response: ExecuteResponse, journal: CallJournal): ExtensionAnswer {
  const body = decodeBase64(response.body_b64 ?? "");
  journal.ask(RESPONSE_LADDER, {
    limits: route.limits,
    status: response.status,
    headers: response.headers,
    bodyBytes: body?.byteLength,
  });
  return {
    status: response.status,
    headers: keptHeaders(response.headers),
    body: body ?? new Uint8Array(),
  };
}

/** `undefined` for anything but padded standard base64, which Node's decoder would repair silently. */
function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  const isWhole = text.length % 4 === 0 && bytes.byteLength === (text.length / 4) * 3 - padding(text);
  return isWhole ? bytes : undefined;
}

function padding(text: string): number {
  if (text.endsWith("==")) return 2;
  return text.endsWith("=") ? 1 : 0;
}
