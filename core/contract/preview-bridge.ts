import { z } from "zod";
import { ENDPOINT_METHODS } from "./endpoint.ts";

/** The protocol between a page of an extension and the page that frames it (design, section 10). */
export const BRIDGE_VERSION = "1";

export const MIN_FRAME_HEIGHT = 100;
export const MAX_FRAME_HEIGHT = 4_000;
export const MAX_BRIDGE_PATH_CHARACTERS = 2_048;
const MAX_REQUEST_ID_CHARACTERS = 128;

/** What every message is wrapped in. Unknown fields are let through: a newer SDK may add some. */
export const bridgeEnvelopeSchema = z.looseObject({
  alga: z.literal(true),
  version: z.literal(BRIDGE_VERSION),
  type: z.string().min(1).max(64),
  request_id: z.string().min(1).max(MAX_REQUEST_ID_CHARACTERS).optional(),
  payload: z.unknown().optional(),
});

/** A path below the extension, with its query: no other origin, no climbing out. */
export const bridgePathSchema = z
  .string()
  .max(MAX_BRIDGE_PATH_CHARACTERS)
  .refine((path) => bridgePathFault(path) === undefined, {
    error: (issue) => `expected ${bridgePathFault(String(issue.input))}`,
  });

const BRIDGE_PATH_CHARACTERS = /^\/[^\s\\\p{Cc}]*$/u;

function bridgePathFault(path: string): string | undefined {
  if (!BRIDGE_PATH_CHARACTERS.test(path))
    return "a path that starts with / and holds no spaces or backslashes";
  if (path.startsWith("//")) return "a path, not another host";
  const segments = (path.split(/[?#]/, 1)[0] ?? "").split("/");
  return segments.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))
    ? 'a path without "." or ".." segments'
    : undefined;
}

/** Payloads of what the frame may say, by type. */
export const FRAME_MESSAGES = {
  ready: z.unknown(),
  resize: z.looseObject({ height: z.number() }),
  navigate: z.looseObject({ path: bridgePathSchema }),
  apiproxy: z
    .looseObject({
      route: bridgePathSchema,
      body: z.base64().optional(),
      method: z.enum(ENDPOINT_METHODS).optional(),
    })
    .refine(({ method, body }) => method !== "GET" || body === undefined || body === "", {
      error: "expected a GET without a body",
      path: ["body"],
    }),
} as const;

/** Levels as the methods of `console` are named. */
export const CONSOLE_LEVELS = ["debug", "log", "info", "warn", "error"] as const;

/** What the script that the runner adds to a previewed page says: what the page prints. The frame's word, as all of it. */
export const consoleMessageSchema = z.looseObject({
  lines: z
    .array(z.looseObject({ level: z.enum(CONSOLE_LEVELS), text: z.string().max(4_000) }))
    .max(100)
    .readonly(),
  /** Lines that were too many at once. */
  dropped: z.number().int().nonnegative(),
});
export type FrameMessageType = keyof typeof FRAME_MESSAGES;

/** What the host says. */
export interface HostMessage {
  readonly alga: true;
  readonly version: typeof BRIDGE_VERSION;
  readonly type: "bootstrap" | "theme" | "apiproxy_response";
  readonly request_id?: string;
  readonly payload: unknown;
}
