import type { Node } from "acorn";
import { childrenOf, fieldOf, identifierName, isNode } from "./syntax-tree.ts";

/** Nodes that declare names, and the field that holds the pattern or patterns. */
const DECLARING_FIELDS: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ["id"],
  FunctionDeclaration: ["id", "params"],
  FunctionExpression: ["id", "params"],
  ArrowFunctionExpression: ["params"],
  ClassDeclaration: ["id"],
  ClassExpression: ["id"],
  CatchClause: ["param"],
};

/**
 * Every name that a program declares anywhere. Scopes are not told apart: a global that is also declared somewhere
 * passes, which is enough here, where the names of globals that matter are never declared by the generator.
 */
export function declaredNames(program: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const pending: Node[] = [program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    collectDeclared(node, names);
    pending.push(...childrenOf(node));
  }
  return names;
}

/** The names that one node declares by itself. */
export function collectDeclared(node: Node, names: Set<string>): void {
  for (const field of DECLARING_FIELDS[node.type] ?? []) collect(fieldOf(node, field), names);
}

function collect(pattern: unknown, names: Set<string>): void {
  if (Array.isArray(pattern)) {
    for (const part of pattern) collect(part, names);
    return;
  }
  if (!isNode(pattern)) return;
  const name = identifierName(pattern);
  if (name !== undefined) names.add(name);
  switch (pattern.type) {
    case "ObjectPattern":
      collect(fieldOf(pattern, "properties"), names);
      break;
    case "Property":
      collect(fieldOf(pattern, "value"), names);
      break;
    case "ArrayPattern":
      collect(fieldOf(pattern, "elements"), names);
      break;
    case "AssignmentPattern":
      collect(fieldOf(pattern, "left"), names);
      break;
    case "RestElement":
      collect(fieldOf(pattern, "argument"), names);
      break;
  }
}
