import { type Node, parse } from "acorn";
import { collectDeclared } from "./declared-names.ts";
import { ComponentError, printable } from "./errors.ts";
import { GLUE_GLOBALS } from "./glue-globals.ts";
import { childrenOf, identifierName, isNode } from "./syntax-tree.ts";

/**
 * Names that the program must not declare either. Declarations are not resolved by scope, so that one of these in an
 * inner function would let the global of that name pass elsewhere.
 */
const FORBIDDEN_DECLARATIONS = ["Function", "Proxy", "Reflect", "eval", "globalThis", "process", "require"];

const FORBIDDEN_NODES: ReadonlySet<string> = new Set([
  "ImportDeclaration",
  "ImportExpression",
  "MetaProperty",
  "ExportAllDeclaration",
  "ExportDefaultDeclaration",
  "TaggedTemplateExpression",
  "WithStatement",
]);

/** Ways from any object to the function constructor or to a shared prototype. */
const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set([
  "constructor",
  "__proto__",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
]);

/**
 * Second fence behind `requireSafeNames`: reads the generated glue as the engine would and refuses code that the
 * generator does not write. Whatever a hostile component smuggled into it could still only compute.
 * @returns The program that was read.
 */
export function requireSafeGlue(source: string): Node {
  const program = parsed(source);
  const declared = new Set<string>();
  const referred = new Set<string>();
  const pending: Node[] = [program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (FORBIDDEN_NODES.has(node.type)) throw unsafe(`it contains ${node.type}`);
    collectDeclared(node, declared);
    const name = identifierName(node);
    if (name !== undefined) referred.add(name);
    refuseMember(node);
    pending.push(...childrenOf(node));
  }
  for (const name of FORBIDDEN_DECLARATIONS) {
    if (declared.has(name)) throw unsafe(`it declares ${name}`);
  }
  for (const name of referred) {
    if (!declared.has(name) && !GLUE_GLOBALS.has(name)) throw unsafe(`it refers to ${printable(name)}`);
  }
  return program;
}

function parsed(source: string): Node {
  try {
    return parse(source, { ecmaVersion: "latest", sourceType: "module" });
  } catch (error) {
    throw unsafe("it is not well-formed", error);
  }
}

function refuseMember(node: Node): void {
  const member = memberName(node);
  if (member !== undefined && FORBIDDEN_MEMBERS.has(member)) throw unsafe(`it reads the member ${member}`);
}

/** `a.name` and `a["name"]`. */
function memberName(node: Node): string | undefined {
  if (node.type !== "MemberExpression" || !("property" in node && isNode(node.property))) return undefined;
  const property = node.property;
  if ("computed" in node && node.computed === true) {
    return "value" in property && typeof property.value === "string" ? property.value : undefined;
  }
  return identifierName(property);
}

function unsafe(reason: string, cause?: unknown): ComponentError {
  return new ComponentError({
    code: "unsafe_component",
    message: "The code generated for the component is not what the generator writes.",
    details: { reason },
    hint: "Build the component again with a supported toolchain.",
    cause,
  });
}
