import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { DocumentProblem } from "../contract/document-problem.ts";
import { printable } from "./errors.ts";
import { formatJsonPath, type JsonDocument, type JsonPath } from "./json-document.ts";

/** What zod found wrong, as problems with places: expected, found, and a guess at what was meant. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  document: JsonDocument,
): DocumentProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
    // Fields that nobody knows are found by `unknownFields`, which also knows what may have been meant.
    if (issue.code === "unrecognized_keys") return [];
    return [valueProblem(issue, path, document)];
  });
}

/** The known word that `name` was probably meant to be. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > MAX_GUESSED_CHARACTERS) return undefined;
  const lower = name.toLowerCase();
  const best = closest(
    lower,
    known.map((word) => word.toLowerCase()),
  );
  const guess = known.find((word) => word.toLowerCase() === best);
  // Two swapped letters are a distance of two.
  const allowed = best.length < 4 ? 1 : Math.max(2, Math.floor(best.length / 3));
  return distance(lower, best) <= allowed ? guess : undefined;
}

/** A value as a person would name it; strings and numbers as they stand, cut short and made safe to print. */
function describeFound(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return printable(JSON.stringify(value));
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, part)
        ? Reflect.get(inner, part)
        : undefined,
    value,
  );
}

const MAX_GUESSED_CHARACTERS = 64;
/** How the contract's own messages begin; zod's begin otherwise. */
const OWN_WORDING = "expected ";

function valueProblem(issue: z.core.$ZodIssue, path: JsonPath, document: JsonDocument): DocumentProblem {
  const value = valueAt(document.value, path);
  const expected = expectedBy(issue, value);
  const found = parameter(issue, "found") ?? describeFound(value);
  const guess =
    issue.code === "invalid_value" && typeof value === "string"
      ? suggestion(value, issue.values.map(String))
      : undefined;
  const place = { path: formatJsonPath(path), ...document.locate(path) };
  if (value === undefined && path.length > 0) {
    return {
      ...place,
      message: `${String(path.at(-1))} is missing: expected ${expected}.`,
      expected,
      found,
      code: "missing",
    };
  }
  return {
    ...place,
    message: `${capitalised(`expected ${expected}`)}, found ${found}.${guess === undefined ? "" : ` Did you mean ${JSON.stringify(guess)}?`}`,
    expected,
    found,
    code: parameter(issue, "code") ?? issue.code,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  record: "an object",
};

function expectedBy(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.message.startsWith(OWN_WORDING)) return issue.message.slice(OWN_WORDING.length);
  switch (issue.code) {
    case "invalid_type":
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case "invalid_value": {
      const values = issue.values.map((known) => JSON.stringify(known));
      return values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
    }
    case "too_small":
      return issue.minimum === 1 && typeof value === "string"
        ? "text that is not empty"
        : `at least ${issue.minimum} ${unitOf(value)}`.trim();
    case "too_big":
      return `at most ${issue.maximum} ${unitOf(value)}`.trim();
    default:
      return issue.message;
  }
}

function unitOf(value: unknown): string {
  if (typeof value === "string") return "characters";
  return Array.isArray(value) ? "items" : "";
}

/** A text among what a rule of our own attached to its issue. */
function parameter(issue: z.core.$ZodIssue, name: "code" | "found"): string | undefined {
  const value: unknown = issue.code === "custom" ? issue.params?.[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
