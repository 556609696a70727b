import { isBuiltin } from "node:module";
import type { OutputChunk } from "rolldown";
import { z } from "zod";
import { type Diagnostic, describeDiagnostic, ProjectError } from "./errors.ts";
import { dependenciesMissing } from "./installed-packages.ts";
import { projectPath } from "./type-check.ts";
import { ENTROPY_INTERFACE, INTERFACE_PREFIX } from "./world.ts";

const faultSchema = z.looseObject({
  code: z.string().default("ERROR"),
  message: z.string(),
  id: z.string().optional(),
  /** What could not be resolved. */
  exporter: z.string().optional(),
  loc: z.looseObject({ file: z.string().optional(), line: z.number(), column: z.number() }).optional(),
});
type Fault = z.infer<typeof faultSchema>;

const failureSchema = z.object({ errors: z.array(z.unknown()) });

/** A bundler's failure as ours, with the places that it names; anything else is passed on as it is. */
export function bundleError(error: unknown, dir: string): unknown {
  const failure = failureSchema.safeParse(error);
  return failure.success ? refusal(failure.data.errors.flatMap(asFault), dir) : error;
}

/**
 * Refuses a bundle that still imports anything but the host's interfaces: the bundler takes what it cannot resolve
 * for something that will be there at run time, and in a guest nothing else is.
 */
export function requireComplete(chunk: OutputChunk, faults: readonly unknown[], dir: string): void {
  const left = [...chunk.imports, ...chunk.dynamicImports].filter(
    (id) => !id.startsWith(INTERFACE_PREFIX) && id !== ENTROPY_INTERFACE,
  );
  if (left.length === 0) return;
  const known = faults
    .flatMap(asFault)
    .filter(({ exporter }) => exporter !== undefined && left.includes(exporter));
  throw refusal(
    known.length > 0 ? known : left.map((id) => ({ code: "UNRESOLVED_IMPORT", message: id, exporter: id })),
    dir,
  );
}

function refusal(faults: readonly Fault[], dir: string): ProjectError {
  const missing = faults.flatMap(({ code, exporter }) =>
    code === "UNRESOLVED_IMPORT" ? (packageOf(exporter) ?? []) : [],
  );
  if (missing.length > 0 && missing.length === faults.length)
    return dependenciesMissing([...new Set(missing)], dir);
  const diagnostics = faults.map((fault) => diagnosticOf(fault, dir));
  return new ProjectError({
    code: "bundle_error",
    message: "The source cannot be bundled.",
    details: { problems: diagnostics.map(describeDiagnostic), diagnostics },
  });
}

function diagnosticOf({ code, message, id, exporter, loc }: Fault, dir: string): Diagnostic {
  const file = loc?.file ?? id;
  const said =
    exporter !== undefined && isBuiltin(exporter)
      ? `${exporter} is a module of Node.js, which an extension does not run in.`
      : firstLine(message).replace(`[${code}] `, "").replaceAll(dir, ".");
  return {
    ...(file === undefined ? {} : { file: projectPath(file, dir) }),
    ...(loc ? { line: loc.line, column: loc.column + 1 } : {}),
    code,
    message: said,
  };
}

function asFault(value: unknown): Fault[] {
  const fault = faultSchema.safeParse(value);
  return fault.success ? [fault.data] : [];
}

/** The package that an import names; `undefined` for a file or a module of Node.js, which no installation mends. */
function packageOf(specifier: string | undefined): string | undefined {
  if (specifier === undefined || isBuiltin(specifier) || /^([./]|[a-z]+:)/.test(specifier)) return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

const firstLine = (text: string) => text.split("\n", 1)[0] ?? "";
