import { parseAst } from "rolldown/parseAst";

/** How many parameters a bundle's exported `handler` declares; `undefined` when that cannot be read off its text. */
export function handlerParameters(code: string): number | undefined {
  const { body } = parseAst(code);
  let local = "handler";
  for (const statement of body) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported, local: bound } of statement.specifiers) {
      if (exported.type === "Identifier" && exported.name === "handler" && bound.type === "Identifier") {
        local = bound.name;
      }
    }
  }
  for (const statement of body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" && declaration.id?.name === local) {
      return declaration.params.length;
    }
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type !== "Identifier" || id.name !== local) continue;
      if (init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression")
        return init.params.length;
    }
  }
  return undefined;
}
