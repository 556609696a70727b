import { z } from "zod";
import { contentHashSchema } from "./content-hash.ts";
import { ENDPOINT_METHODS } from "./endpoint.ts";
import { executionOutcomeSchema } from "./execution-record.ts";
import { MIB } from "./limits.ts";
import { personaKindSchema } from "./policy-scenario.ts";

/** Tells such a file from every other JSON file. */
export const REPRODUCTION_FORMAT = "extension-workbench-reproduction";
/** A recorded body is at most 256 KiB; as JSON text it may be six times as long. */
export const MAX_REPRODUCTION_BYTES = 2 * MIB;
const MAX_HEADERS = 256;

const digestSchema = {
  size: z.number().int().nonnegative().describe("Bytes."),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits"),
};

const requestSchema = z
  .strictObject({
    method: z.enum(ENDPOINT_METHODS),
    path: z
      .string()
      .max(8_192)
      .regex(/^\/[^\s?#]*$/, "expected a path that starts with / and has no query")
      .describe("Below the extension, without the query."),
    query: z
      .string()
      .max(8_192)
      .regex(/^(?:\?[^\s#]*)?$/, "expected an empty text, or one that starts with ?")
      .describe("With its leading ?, or empty."),
    headers: z
      .array(
        z.strictObject({
          name: z
            .string()
            .max(256)
            .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "expected the name of a header"),
          value: z
            .string()
            .max(32_768)
            .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "expected what a header can carry"),
        }),
      )
      .max(MAX_HEADERS),
    body: z.string().optional().describe("The body where it is text."),
    body_b64: z.base64().optional().describe("The body where it is none."),
  })
  .describe("The call, without credentials and without what the gateway adds.");

/** What is compared when the call is made again. */
export const reproducedOutcomeSchema = z.strictObject({
  outcome: executionOutcomeSchema.exclude(["running"]),
  status: z.number().int().min(100).max(599).optional().describe("Absent when nobody was answered."),
  code: z.string().max(128).optional().describe("Code of the gateway's refusal."),
  body: z.strictObject(digestSchema).optional().describe("Of the extension's answer, its secrets replaced."),
});
export type ReproducedOutcome = z.infer<typeof reproducedOutcomeSchema>;

const REPRODUCTION_PARTS = ["path", "query", "headers", "body", "persona"] as const;
export type ReproductionPart = (typeof REPRODUCTION_PARTS)[number];

const omissionSchema = z.strictObject({
  part: z.enum(REPRODUCTION_PARTS),
  reason: z
    .enum(["secret", "too_large", "not_recorded"])
    .describe("secret: `[secret NAME]` stands in its place, or nothing does."),
  size: digestSchema.size.optional(),
  sha256: digestSchema.sha256.optional(),
});
export type Omission = z.infer<typeof omissionSchema>;

/** One call and what became of it, to be handed to somebody else. */
export const reproductionSchema = z.strictObject({
  format: z.literal(REPRODUCTION_FORMAT),
  version: z.literal(1),
  extension: z
    .string()
    .max(256)
    .regex(/^[\w.-]+$/, "expected the name of an extension"),
  extension_version: z.string().max(128).optional(),
  content_hash: contentHashSchema.optional(),
  recorded_at: z.iso.datetime({ offset: true }).optional(),
  request: requestSchema,
  as: personaKindSchema.optional().describe("Who called. Absent: the tenant's first persona."),
  persona: z
    .string()
    .max(256)
    .optional()
    .describe("Name of the persona; one of the same kind stands in for it."),
  outcome: reproducedOutcomeSchema,
  omitted: z
    .array(omissionSchema)
    .max(REPRODUCTION_PARTS.length)
    .default([])
    .describe("What of the call is not in this file."),
});
export type Reproduction = z.infer<typeof reproductionSchema>;

/** As it is written into a file. */
export function reproductionText(reproduction: Reproduction): string {
  return `${JSON.stringify(reproduction, null, 2)}\n`;
}

/** E.g. `com.acme.hello-get-items.reproduction.json`. */
export function reproductionFileName({ extension, request }: Reproduction): string {
  const words = request.path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = [extension, request.method.toLowerCase(), ...words].join("-").slice(0, 100);
  return `${name}.reproduction.json`;
}

/** What came of making the call again. */
export const reproductionReportSchema = z.object({
  same: z.boolean(),
  differences: z
    .array(
      z.object({
        what: z.enum(["outcome", "status", "code", "body"]),
        expected: z.unknown(),
        actual: z.unknown(),
      }),
    )
    .readonly(),
  extension: z.string(),
  version: z.object({ recorded: z.string().optional(), installed: z.string().optional() }),
  recorded: reproducedOutcomeSchema,
  reproduced: reproducedOutcomeSchema,
  request_id: z.string(),
  execution_id: z.string().optional(),
  omitted: z.array(omissionSchema).readonly(),
});
export type ReproductionReport = z.infer<typeof reproductionReportSchema>;
