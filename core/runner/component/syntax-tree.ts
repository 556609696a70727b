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
  return Object.hasOwn(node, field) ? Reflect.get(node, field) : undefined;
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
  for (const [field, value] of Object.entries(node)) {
    if (field === named) continue;
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) children.push(...value.filter(isNode));
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
