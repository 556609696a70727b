import { z } from "zod";
import {
  CALL_LIMITS,
  type CallLimitName,
  type LimitDefinition,
  type LimitName,
  limitDefinition,
  WINDOW_LIMITS,
  type WindowLimitName,
} from "./limit-catalogue.ts";

type Shape<Name extends string> = Record<Name, z.ZodOptional<z.ZodNumber>>;

function shapeOf<Name extends LimitName>(definitions: readonly LimitDefinition<Name>[]): Shape<Name> {
  // The names are the definitions' own; `fromEntries` forgets them.
  return Object.fromEntries(
    definitions.map(({ name, minimum, label, unit }) => [
      name,
      z.number().int().min(minimum).optional().describe(`${label}. Unit: ${unit}.`),
    ]),
  ) as Shape<Name>;
}

/** Limits that a tenant, an install or a profile sets; what is absent falls back to the next one. */
export const limitOverridesSchema = z.strictObject({
  ...shapeOf<CallLimitName>(CALL_LIMITS),
  ...shapeOf<WindowLimitName>(WINDOW_LIMITS),
});
export type LimitOverrides = z.infer<typeof limitOverridesSchema>;

/** Limits over all installs of one tenant, or of one extension, together. What is absent is not limited. */
export const sharedLimitsSchema = limitOverridesSchema.omit({
  timeout_ms: true,
  memory_mb: true,
  fuel: true,
  request_body_bytes: true,
  response_body_bytes: true,
  header_bytes: true,
  queue_wait_ms: true,
});
export type SharedLimits = z.infer<typeof sharedLimitsSchema>;

/** What is wrong with limits beyond their shape: figures that the runner or the gateway would cut without saying so. */
export function ceilingProblems(limits: LimitOverrides): string[] {
  return Object.entries(limits).flatMap(([name, value]) => {
    const maximum = limitDefinition(name)?.maximum ?? Number.MAX_SAFE_INTEGER;
    return value !== undefined && value > maximum ? [`${name}: at most ${maximum}`] : [];
  });
}
