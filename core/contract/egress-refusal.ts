import { z } from "zod";

/**
 * Which rule of the egress guard refused a request.
 * `url`: none that parses · `scheme`: neither http nor https · `credentials`: in the URL · `host`: on no list · `port`: its
 * host is listed, the port is not · `address`: the name resolves to a private or reserved address · `request`: its method,
 * headers or size · `quota`: no egress is left.
 */
export const EGRESS_RULES = [
  "url",
  "scheme",
  "credentials",
  "host",
  "port",
  "address",
  "request",
  "quota",
] as const;
export const egressRuleSchema = z.enum(EGRESS_RULES);
export type EgressRule = z.infer<typeof egressRuleSchema>;

/** Different targets that one execution reports; what it was refused beyond them is not listed. */
export const MAX_REFUSED_TARGETS_A_CALL = 50;
/** Different targets that are kept for an install: those refused last. */
export const MAX_REFUSED_TARGETS_AN_INSTALL = 200;
export const MAX_REFUSED_HOST_CHARACTERS = 255;

const target = {
  /** In the URL parser's normal form; empty where there was none. */
  host: z
    .string()
    .max(MAX_REFUSED_HOST_CHARACTERS)
    .regex(/^[\x20-\x7e]*$/),
  /** 0 where there was none. */
  port: z.int().min(0).max(65_535),
  rule: egressRuleSchema,
};

/** What the guard refused one execution. */
export const refusedEgressSchema = z.object({ ...target, count: z.int().positive() });
export type RefusedEgress = z.infer<typeof refusedEgressSchema>;

/** What the guard has refused an install so far. */
export const egressRefusalSchema = z.object({
  ...target,
  count: z.int().positive(),
  first_at: z.string(),
  last_at: z.string(),
  /** Of the last time. The execution may be gone from the record. */
  last_execution_id: z.string(),
});
export type EgressRefusal = z.infer<typeof egressRefusalSchema>;
