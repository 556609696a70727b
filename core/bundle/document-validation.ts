import type { z } from "zod";
import type { DocumentProblem } from "../contract/document-problem.ts";
import { printable } from "./errors.ts";
import { formatJsonPath, type JsonDocument, MAX_JSON_DEPTH, parseJsonDocument } from "./json-document.ts";
import { schemaProblems, suggestion } from "./schema-problems.ts";
import { unknownFields } from "./unknown-fields.ts";

export interface DocumentValidation<Value> {
  /** Present when there are no problems. */
  readonly value?: Value;
  /** Everything that is wrong, in the order of the file. */
  readonly problems: DocumentProblem[];
  /** What is allowed and probably not meant. */
  readonly warnings: DocumentProblem[];
}

export interface DocumentValidationOptions<Value> {
  readonly maxBytes: number;
  /** Repeated in each problem, for output that spans several files. */
  readonly fileName?: string | undefined;
  /** What to say of a valid value beyond its schema. */
  readonly warn?: (value: Value, document: JsonDocument) => DocumentProblem[];
}

/** A file of nothing but mistakes is told of so many of them, and then of how many more there are. */
const MAX_REPORTED_PROBLEMS = 500;

/** Judges a JSON file that a person wrote against its schema. Never throws. */
export function validateDocument<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  options: DocumentValidationOptions<z.infer<Schema>>,
): DocumentValidation<z.infer<Schema>> {
  const parsed = parseJsonDocument(text, { maxBytes: options.maxBytes, maxDepth: MAX_JSON_DEPTH });
  if (parsed.document === undefined)
    return { problems: reported(parsed.problems, 0, options.fileName), warnings: [] };
  const { document } = parsed;
  const result = schema.safeParse(document.value);
  const issues = result.error?.issues ?? [];
  const unknown = unknownFields(schema, document.value);
  const stray = unknown
    .slice(0, MAX_REPORTED_PROBLEMS)
    .map((field) => ({ fate: field.fate, problem: unknownFieldProblem(field, document) }));
  const problems = [
    ...parsed.problems,
    ...schemaProblems(issues.slice(0, MAX_REPORTED_PROBLEMS), document),
    ...stray.filter(({ fate }) => fate === "refused").map(({ problem }) => problem),
  ];
  const warnings = [
    ...stray.filter(({ fate }) => fate !== "refused").map(({ problem }) => problem),
    ...(result.success ? (options.warn?.(result.data, document) ?? []) : []),
  ];
  return {
    ...(result.success && problems.length === 0 ? { value: result.data } : {}),
    problems: reported(problems, hidden(issues.length), options.fileName),
    warnings: reported(warnings, hidden(unknown.length), options.fileName),
  };
}

function unknownFieldProblem(
  { path, name, known, fate }: ReturnType<typeof unknownFields>[number],
  document: JsonDocument,
): DocumentProblem {
  const guess = suggestion(name, known);
  const meant = guess === undefined ? "" : ` Did you mean ${JSON.stringify(guess)}?`;
  return {
    path: formatJsonPath(path),
    ...document.locateKey(path),
    message: `${JSON.stringify(printable(name))} is not a known field and is ${fate}.${meant}`,
    expected: `one of ${known.join(", ")}`,
    found: printable(name),
    code: "unknown_field",
  };
}

function hidden(count: number): number {
  return Math.max(0, count - MAX_REPORTED_PROBLEMS);
}

function reported(
  problems: readonly DocumentProblem[],
  more: number,
  file: string | undefined,
): DocumentProblem[] {
  const inOrder = problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
  const shown = inOrder.slice(0, MAX_REPORTED_PROBLEMS);
  const left = inOrder.length - shown.length + more;
  const last = shown.at(-1);
  if (left > 0 && last !== undefined) {
    shown.push({
      path: "$",
      line: last.line,
      column: last.column,
      message: `There are ${left} more.`,
      code: "more",
    });
  }
  return file === undefined ? shown : shown.map((problem) => ({ file, ...problem }));
}
