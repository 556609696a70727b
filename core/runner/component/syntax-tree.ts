import type { Node } from "acorn";

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

export function identifierName(node: Node): string | undefined {
  return node.type === "Identifier" && "name" in node && typeof node.name === "string"
    ? node.name
    : undefined;
}

/** A field by its name: the parser's types tell a node's fields by its `type`, which is a wide union to narrow by. */
export function fieldOf(node: Node, field: string): unknown {
  // A node is a plain object of the parser's: what is read is judged by who asks.
  return (node as unknown as Record<string, unknown>)[field];
}

export function nodeOf(node: Node, field: string): Node | undefined {
  const value = fieldOf(node, field);
  return isNode(value) ? value : undefined;
}

export function nodesOf(node: Node, field: string): Node[] {
  const value = fieldOf(node, field);
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Child nodes without those that only look like references: member and property names, labels. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  const named = "computed" in node && node.computed === true ? undefined : nameField(node.type);
  // There are a hundred thousand nodes: a list of fields and values for each would cost more than reading them.
  for (const field in node) {
    if (field === named) continue;
    const value = fieldOf(node, field);
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

/** The field that holds a name which is no reference. */
function nameField(type: string): string | undefined {
  switch (type) {
    case "MemberExpression":
      return "property";
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return "key";
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return "label";
    default:
      return undefined;
  }
}
