import type { Node } from "acorn";
import { ComponentError } from "./errors.ts";
import { childrenOf, fieldOf, identifierName, nodeOf, nodesOf } from "./syntax-tree.ts";

/**
 * Takes generated glue apart into code, which can stay, and state, which has to be made for each run:
 *
 *     instantiate(…) { let <state>; <functions and classes>; return { kept: […], run() { <the rest> } }; }
 *
 * What stays are function declarations, constants that are functions, and classes without their static fields. Every
 * variable of the glue is unset when a run begins, and assigned where it was declared; every statement that is no
 * definition is part of the run, in its order. So nothing need be known about what the glue keeps in its variables,
 * and functions can hold nothing once they are frozen (`GlueRuns`).
 *
 * It saves what running all of it anew costs: classes that the engine has never seen, slow until they are warm, and
 * their hidden classes, which lie in the old generation and keep each run's garbage alive until a full collection.
 *
 * What it writes are whole nodes of a program that was found safe, and the frame around them.
 * @throws ComponentError when the glue is of another form.
 */
export function withKeptCode(source: string, program: Node): string {
  const instantiate = entryOf(program);
  const body = bodyOf(instantiate);
  const split = new Split(source);
  split.add(nodesOf(body, "body"));
  return `${source.slice(0, body.start)}{\n${split.text()}\n}${source.slice(body.end)}`;
}

function entryOf(program: Node): Node {
  for (const statement of nodesOf(program, "body")) {
    const declared = nodeOf(statement, "declaration");
    if (declared?.type === "FunctionDeclaration" && nameOf(declared) === "instantiate") return declared;
  }
  throw unexpected("no function `instantiate`");
}

class Split {
  readonly #source: string;
  /** Of all variables of the run. */
  readonly #state: string[] = [];
  /** Functions and classes with the names of the static fields that each run sets anew. */
  readonly #kept = new Map<string, string[]>();
  readonly #code: string[] = [];
  readonly #run: string[] = [];
  readonly #names = new Set<string>();
  /** Notes that are made on functions, and those that were taken for never made. */
  readonly #marks = new Set<string>();
  readonly #unset = new Set<string>();

  constructor(source: string) {
    this.#source = source;
  }

  text(): string {
    const kept = [...this.#kept].map(
      ([name, fields]) => `{ value: ${name}, fields: ${JSON.stringify(fields)} }`,
    );
    return [
      `let ${[NO_STATE, ...this.#state].join(", ")};`,
      ...this.#code,
      `return { kept: [${kept.join(", ")}], run() {`,
      `${[NO_STATE, ...this.#state].join(" = ")} = undefined;`,
      ...this.#run,
      "} };",
    ].join("\n");
  }

  add(statements: readonly Node[]): void {
    for (const statement of statements) this.#add(statement);
  }

  #add(statement: Node): void {
    switch (statement.type) {
      case "FunctionDeclaration":
        this.#keep(nameOf(statement), this.#textOf(statement));
        break;
      case "ClassDeclaration":
        this.#addClass(statement);
        break;
      case "VariableDeclaration":
        for (const declarator of nodesOf(statement, "declarations")) this.#addVariable(statement, declarator);
        break;
      case "ExpressionStatement":
        if (this.#isMark(statement)) this.#code.push(this.#textOf(statement));
        else this.#run.push(this.#linkingTextOf(statement));
        break;
      default:
        this.#run.push(this.#textOf(statement));
    }
  }

  #keep(name: string, text: string, fields: string[] = []): void {
    this.#declare(name);
    this.#kept.set(name, fields);
    this.#code.push(text);
  }

  /** Static fields are state, even where nothing changes them. */
  #addClass(statement: Node): void {
    const name = nameOf(statement);
    const fields: string[] = [];
    let text = "";
    let at = statement.start;
    for (const member of nodesOf(partOf(statement, "body"), "body")) {
      if (member.type === "StaticBlock") throw unexpected("a class with code of its own");
      if (member.type !== "PropertyDefinition" || !isSet(member, "static")) continue;
      const field = identifierName(partOf(member, "key"));
      if (field === undefined || isSet(member, "computed")) throw unexpected("a static field without a name");
      const value = nodeOf(member, "value");
      if (value !== undefined && mentionsThis(value))
        throw unexpected("a static field that refers to its class");
      fields.push(field);
      this.#run.push(`${name}.${field} = ${value === undefined ? "undefined" : this.#textOf(value)};`);
      text += this.#source.slice(at, member.start);
      at = member.end;
    }
    this.#keep(name, text + this.#source.slice(at, statement.end), fields);
  }

  #addVariable(statement: Node, declarator: Node): void {
    const id = partOf(declarator, "id");
    const init = nodeOf(declarator, "init");
    const name = identifierName(id);
    if (init !== undefined && name !== undefined) {
      if (fieldOf(statement, "kind") === "const" && isFunction(init)) {
        this.#keep(name, `const ${this.#textOf(declarator)};`);
        return;
      }
      const generator = init.type === "CallExpression" ? nodeOf(init, "callee") : undefined;
      if (generator !== undefined && isSet(generator, "generator")) {
        this.#addGenerator(name, generator);
        return;
      }
    }
    for (const declared of patternNames(id)) {
      this.#declare(declared);
      this.#state.push(declared);
    }
    if (init === undefined) return;
    // A pattern of an object would be taken for a block.
    this.#run.push(`(${this.#textOf(id)} = ${this.#lateTextOf(init)});`);
  }

  /** The component itself is set up by a generator that is called once a run: its scope is opened to the glue's. */
  #addGenerator(name: string, generator: Node): void {
    if (nodesOf(generator, "params").length > 0) throw unexpected("a generator with parameters");
    this.#declare(name);
    this.#state.push(name);
    const outer = this.#run.splice(0);
    this.add(nodesOf(bodyOf(generator), "body"));
    const inner = this.#run.splice(0);
    this.#run.push(...outer, `${name} = (function* () {`, ...inner, "})();");
  }

  /**
   * What the glue knows of a host function, some twenty objects and functions, is made when the function is first called
   * in a run: `keptFunction.bind(null, { … })`, alone or as what is left of `anotherKept.unset ? … : …`.
   */
  #lateTextOf(init: Node): string {
    const chosen = init.type === "ConditionalExpression" ? this.#alternative(init) : init;
    const callee = chosen.type === "CallExpression" ? partOf(chosen, "callee") : undefined;
    const [receiver, given, ...more] = nodesOf(chosen, "arguments");
    const bound = callee === undefined ? undefined : this.#memberOfKept(callee);
    if (bound?.member !== "bind" || given?.type !== "ObjectExpression" || more.length > 0)
      return this.#textOf(chosen);
    if (receiver?.type !== "Literal") return this.#textOf(chosen);
    return `instantiateCore.bindLate(${bound.name}, () => (${this.#textOf(given)}))`;
  }

  /** A note that no function has been given is not there: frozen functions get none. */
  #alternative(conditional: Node): Node {
    const test = this.#memberOfKept(partOf(conditional, "test"));
    if (test === undefined || this.#marks.has(test.member)) return conditional;
    this.#unset.add(test.member);
    return partOf(conditional, "alternate");
  }

  #memberOfKept(node: Node): { name: string; member: string } | undefined {
    if (node.type !== "MemberExpression" || isSet(node, "computed")) return undefined;
    const name = identifierName(partOf(node, "object"));
    const member = identifierName(partOf(node, "property"));
    return name !== undefined && member !== undefined && this.#kept.has(name) ? { name, member } : undefined;
  }

  /** `({ exports: … } = instantiateCore(module, { … }))`, with a function that answers the imports. */
  #linkingTextOf(statement: Node): string {
    const call = nodeOf(partOf(statement, "expression"), "right");
    const [, imports] = call === undefined ? [] : nodesOf(call, "arguments");
    if (call === undefined || imports?.type !== "ObjectExpression") return this.#textOf(statement);
    if (identifierName(partOf(call, "callee")) !== "instantiateCore") return this.#textOf(statement);
    const before = this.#source.slice(statement.start, imports.start);
    return `${before}() => (${this.#textOf(imports)})${this.#source.slice(imports.end, statement.end)}`;
  }

  /** `keptFunction.name = "constant"`: done once. */
  #isMark(statement: Node): boolean {
    const assignment = partOf(statement, "expression");
    if (assignment.type !== "AssignmentExpression") return false;
    const target = this.#memberOfKept(partOf(assignment, "left"));
    if (target === undefined || partOf(assignment, "right").type !== "Literal") return false;
    if (this.#unset.has(target.member)) throw unexpected("a note on a function after it was looked for");
    this.#marks.add(target.member);
    return true;
  }

  #textOf(node: Node): string {
    return this.#source.slice(node.start, node.end);
  }

  /** Scopes become one: a name that two of them declare would mean something else in one of them. */
  #declare(name: string): void {
    if (this.#names.has(name) || RESERVED.has(name)) throw unexpected("a name that is declared twice");
    this.#names.add(name);
  }
}

/** Always declared, so that what is declared and unset is never an empty list. */
const NO_STATE = "$noState";
const RESERVED: ReadonlySet<string> = new Set([
  "getCoreModule",
  "imports",
  "instantiateCore",
  "vals",
  NO_STATE,
]);

function bodyOf(fn: Node): Node {
  const body = partOf(fn, "body");
  if (body.type !== "BlockStatement") throw unexpected("a function without a block");
  return body;
}

function isFunction({ type }: Node): boolean {
  return type === "ArrowFunctionExpression" || type === "FunctionExpression";
}

function nameOf(declaration: Node): string {
  const name = identifierName(partOf(declaration, "id"));
  if (name === undefined) throw unexpected("a declaration without a name");
  return name;
}

function patternNames(pattern: Node): string[] {
  const name = identifierName(pattern);
  if (name !== undefined) return [name];
  if (pattern.type !== "ObjectPattern") throw unexpected("a pattern of another kind");
  return nodesOf(pattern, "properties").flatMap((property) => patternNames(partOf(property, "value")));
}

function mentionsThis(node: Node): boolean {
  return node.type === "ThisExpression" || childrenOf(node).some(mentionsThis);
}

function isSet(node: Node, field: string): boolean {
  return fieldOf(node, field) === true;
}

function partOf(node: Node, field: string): Node {
  const part = nodeOf(node, field);
  if (part === undefined) throw unexpected(`a ${node.type} without ${field}`);
  return part;
}

function unexpected(reason: string): ComponentError {
  return new ComponentError({
    code: "invalid_component",
    message: "The code generated for the component has another form than expected.",
    details: { reason },
    hint: "Build the component again with a supported toolchain.",
  });
}
