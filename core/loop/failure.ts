import { z } from "zod";
import { WorkbenchError } from "../contract/errors.ts";
import type { LoopDiagnostic, LoopTurn } from "../contract/rpc/loop.ts";

/** A type checker can complain about every line of a project; a screen shows the first of them. */
const MAX_DIAGNOSTICS = 500;

const position = z.number().int().positive().optional().catch(undefined);
/** How the parts that build describe a place: compilers name files, the validators of documents a path inside one. */
const problemSchema = z.object({
  file: z.string().optional().catch(undefined),
  line: position,
  column: position,
  code: z.string().optional().catch(undefined),
  message: z.string(),
});

/** What a turn failed with, as a screen shows it: never the text of an error that is not ours. */
export function failureOf(error: unknown): NonNullable<LoopTurn["failure"]> {
  if (!(error instanceof WorkbenchError)) {
    return { code: "internal", message: "The loop failed for a reason of its own.", diagnostics: [] };
  }
  return { ...error.toJSON(), diagnostics: diagnosticsOf(error) };
}

function diagnosticsOf(error: WorkbenchError): LoopDiagnostic[] {
  const { diagnostics, problems } = error.details ?? {};
  const given = Array.isArray(diagnostics) ? diagnostics : Array.isArray(problems) ? problems : [];
  const file = DOCUMENTS[error.code];
  return given.slice(0, MAX_DIAGNOSTICS).flatMap((each: unknown) => {
    if (typeof each === "string") return [{ message: each, ...(file === undefined ? {} : { file }) }];
    const problem = problemSchema.safeParse(each);
    if (!problem.success) return [];
    const { message, ...place } = problem.data;
    const known = Object.entries({ ...(file === undefined ? {} : { file }), ...withoutUndefined(place) });
    return [{ message, ...Object.fromEntries(known) }];
  });
}

/** Problems of a document do not repeat the document's name. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  manifest_invalid: "manifest.json",
  config_invalid: "workbench.json",
  package_invalid: "package.json",
};

function withoutUndefined<T extends object>(value: T): Partial<T> {
  // Only keys with a value are left, and every key of a Partial may be absent.
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}
