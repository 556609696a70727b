import type { Context } from "hono";
import { z } from "zod";
import { readCapped } from "../platform/capped-body.ts";
import { HostError, malformed } from "./errors.ts";

const MAX_PROBLEMS = 20;
const MAX_PROBLEM_CHARACTERS = 200;

/**
 * The JSON body as the schema has it, refused at the first byte over the cap.
 * @throws HostError `request_too_large`; `malformed_request` with every problem
 */
export async function jsonBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  maxBytes: number,
): Promise<z.output<Schema>> {
  return accept(schema, await parsedBody(context, maxBytes), "The body");
}

async function parsedBody(context: Context, maxBytes: number): Promise<unknown> {
  const stream = context.req.raw.body;
  const bytes = stream === null ? new Uint8Array() : await readCapped(stream, maxBytes);
  if (bytes === undefined) {
    throw new HostError({
      code: "request_too_large",
      message: `The body is over the cap of ${maxBytes} bytes.`,
    });
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw malformed("The body is not JSON.");
  }
}

export function queryOf<Schema extends z.ZodType>(context: Context, schema: Schema): z.output<Schema> {
  return accept(schema, context.req.query(), "The query");
}

export function accept<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Problems name what was sent; an answer is no place to send all of it back.
  const problems = parsed.error.issues.slice(0, MAX_PROBLEMS).map(({ path, message }) => ({
    path: z.core.toDotPath(path).slice(0, MAX_PROBLEM_CHARACTERS),
    message: message.slice(0, MAX_PROBLEM_CHARACTERS).toWellFormed(),
  }));
  throw malformed(`${what} is not what was expected.`, { problems });
}
