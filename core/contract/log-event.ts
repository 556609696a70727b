import { z } from "zod";

export const logLevelSchema = z.enum(["debug", "info", "warn", "error"]);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** One line that an extension, or the host on its behalf, wrote. Times are ISO 8601 with milliseconds, UTC. */
export const logEventSchema = z.object({
  ts: z.string(),
  level: logLevelSchema,
  stream: z.enum(["log", "stdout", "stderr", "host"]),
  tenant_id: z.string(),
  extension_id: z.string(),
  install_id: z.string(),
  request_id: z.string(),
  version_id: z.string(),
  content_hash: z.string(),
  message: z.string(),
  truncated: z.boolean(),
});
export type LogEvent = z.infer<typeof logEventSchema>;
