import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { DocumentProblem } from "../contract/document-problem.ts";
import { TextPositions } from "./text-positions.ts";

export type JsonPath = readonly (string | number)[];

export interface JsonDocumentLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
}

/** Deep enough for any manifest, shallow enough for every recursive parser. */
export const MAX_JSON_DEPTH = 64;
const BYTE_ORDER_MARK = "\uFEFF";

/** A parsed JSON text that remembers where everything stood. */
export class JsonDocument {
  readonly #positions: TextPositions;
  readonly #root: Node;
  /** As `JSON.parse` reads it. */
  readonly value: unknown;

  constructor(value: unknown, root: Node, positions: TextPositions) {
    this.value = value;
    this.#root = root;
    this.#positions = positions;
  }

  /** Where the value at `path` begins, or the nearest value around it when there is none. */
  locate(path: JsonPath): Pick<DocumentProblem, "line" | "column"> {
    return this.#positions.at(this.#nearest(path).offset);
  }

  /** Where the name of the property at `path` begins. */
  locateKey(path: JsonPath): Pick<DocumentProblem, "line" | "column"> {
    const node = this.#nearest(path);
    return this.#positions.at(node.parent?.type === "property" ? node.parent.offset : node.offset);
  }

  #nearest(path: JsonPath): Node {
    for (let length = path.length; length > 0; length -= 1) {
      const node = findNodeAtLocation(this.#root, path.slice(0, length));
      if (node !== undefined) return node;
    }
    return this.#root;
  }
}

export type JsonDocumentResult =
  | { readonly document: JsonDocument; readonly problems: DocumentProblem[] }
  | { readonly document?: undefined; readonly problems: DocumentProblem[] };

/**
 * Strict JSON (no comments, no trailing commas, no byte order mark, no repeated names), with every fault reported.
 * There is a document whenever the syntax stands; repeated names are problems of a document that has one.
 */
export function parseJsonDocument(text: string, limits: JsonDocumentLimits): JsonDocumentResult {
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.maxBytes) {
    return refuse(
      { line: 1, column: 1 },
      "too_large",
      "The file is too large.",
      `at most ${limits.maxBytes} bytes`,
      `${bytes} bytes`,
    );
  }
  const positions = new TextPositions(text);
  if (text.startsWith(BYTE_ORDER_MARK)) {
    return refuse(
      { line: 1, column: 1 },
      "byte_order_mark",
      "The file starts with a byte order mark.",
      "UTF-8 without a byte order mark",
    );
  }
  const deep = tooDeepAt(text, limits.maxDepth);
  if (deep !== undefined) {
    return refuse(
      positions.at(deep),
      "too_deep",
      "Values are nested too deeply.",
      `at most ${limits.maxDepth} levels`,
    );
  }
  if (text.trim() === "")
    return refuse({ line: 1, column: 1 }, "syntax", "The file is empty.", "a JSON object");
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const problems = errors.map((error) => ({
    path: "$",
    ...positions.at(error.offset),
    message: SYNTAX_MESSAGES[printParseErrorCode(error.error)] ?? "This is not JSON.",
    code: "syntax",
  }));
  const value = problems.length === 0 ? parseStrictly(text) : undefined;
  if (problems.length > 0) return { problems };
  if (root === undefined || value === undefined) {
    return refuse({ line: 1, column: 1 }, "syntax", "This is not JSON.");
  }
  return {
    document: new JsonDocument(value.value, root, positions),
    problems: nameProblems(root, positions),
  };
}

/** `$`, `$.api.endpoints[1]`, `$["odd name"]`. */
export function formatJsonPath(path: JsonPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return /^[A-Za-z_$][\w$-]*$/.test(part) ? `${text}.${part}` : `${text}[${JSON.stringify(part)}]`;
  }, "$");
}

/** The judge of syntax is `JSON.parse`, which is what every other reader of the file uses. */
function parseStrictly(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Offset of the bracket that opens one level too many. Scanned, because the parser itself is recursive. */
function tooDeepAt(text: string, maxDepth: number): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const token = text.charAt(scanner.getTokenOffset());
    if (token === "") return undefined;
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (depth > maxDepth) return scanner.getTokenOffset();
  }
}

/** Names that appear twice (readers disagree about which counts) and the one that is not data in JavaScript. */
function nameProblems(root: Node, positions: TextPositions): DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const visit = (node: Node, path: JsonPath): void => {
    if (node.type === "array") {
      for (const [index, child] of (node.children ?? []).entries()) visit(child, [...path, index]);
    }
    if (node.type !== "object") return;
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const here = [...path, name];
      const problem = { path: formatJsonPath(here), ...positions.at(key.offset) };
      if (seen.has(name))
        problems.push({
          ...problem,
          code: "duplicate_key",
          message: "This name is here twice.",
          expected: "each name once",
        });
      if (name === "__proto__")
        problems.push({ ...problem, code: "forbidden_key", message: "This name is not allowed." });
      seen.add(name);
      visit(value, here);
    }
  };
  visit(root, []);
  return problems;
}

function refuse(
  position: Pick<DocumentProblem, "line" | "column">,
  code: string,
  message: string,
  expected?: string,
  found?: string,
): { problems: DocumentProblem[] } {
  return {
    problems: [
      {
        path: "$",
        ...position,
        message,
        code,
        ...(expected === undefined ? {} : { expected }),
        ...(found === undefined ? {} : { found }),
      },
    ],
  };
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: "This is not a JSON value.",
  InvalidNumberFormat: "This is not a JSON number.",
  PropertyNameExpected: "A name in double quotes is expected here; a comma must not come last.",
  ValueExpected: "A value is expected here; a comma must not come last.",
  ColonExpected: "A colon is expected here.",
  CommaExpected: "A comma is expected here.",
  CloseBraceExpected: "A closing brace is missing.",
  CloseBracketExpected: "A closing bracket is missing.",
  EndOfFileExpected: "There is something after the end of the JSON value.",
  InvalidCommentToken: "JSON has no comments.",
  UnexpectedEndOfComment: "JSON has no comments.",
  UnexpectedEndOfString: "A string is not closed.",
  UnexpectedEndOfNumber: "A number is not complete.",
  InvalidUnicode: "A \\u escape is not complete.",
  InvalidEscapeCharacter: "There is no such escape in JSON.",
  InvalidCharacter: "A control character must be escaped.",
};
