/** Values of the page's compiler, which knows numbers where a `tsconfig.json` has names. */
const TARGETS: Readonly<Record<string, number>> = {
  es5: 1,
  es6: 2,
  es2015: 2,
  es2016: 3,
  es2017: 4,
  es2018: 5,
  es2019: 6,
  es2020: 7,
  es2021: 8,
  es2022: 9,
  es2023: 10,
  es2024: 11,
  esnext: 99,
};
const JSX: Readonly<Record<string, number>> = {
  preserve: 1,
  react: 2,
  "react-native": 3,
  "react-jsx": 4,
  "react-jsxdev": 5,
};
/** Options that mean the same for one file in a page as for a whole build; modules are found in the page's own way. */
const KEPT = new Set([
  "allowJs",
  "allowSyntheticDefaultImports",
  "allowUnreachableCode",
  "allowUnusedLabels",
  "alwaysStrict",
  "checkJs",
  "erasableSyntaxOnly",
  "esModuleInterop",
  "exactOptionalPropertyTypes",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "forceConsistentCasingInFileNames",
  "isolatedModules",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "noFallthroughCasesInSwitch",
  "noImplicitAny",
  "noImplicitOverride",
  "noImplicitReturns",
  "noImplicitThis",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noUncheckedSideEffectImports",
  "noUnusedLocals",
  "noUnusedParameters",
  "resolveJsonModule",
  "strict",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useDefineForClassFields",
  "useUnknownInCatchVariables",
  "verbatimModuleSyntax",
]);

/** A project's own settings as the page's compiler takes them: what it does not know, or must not follow, is left out. */
export function editorOptions(
  own: Readonly<Record<string, unknown>>,
): Record<string, boolean | number | string | string[]> {
  const options: Record<string, boolean | number | string | string[]> = {};
  for (const [name, value] of Object.entries(own)) {
    if (KEPT.has(name) && (typeof value === "boolean" || typeof value === "string")) options[name] = value;
  }
  const target = numberOf(TARGETS, own["target"]);
  if (target !== undefined) options["target"] = target;
  const jsx = numberOf(JSX, own["jsx"]);
  if (jsx !== undefined) options["jsx"] = jsx;
  const { lib } = own;
  if (Array.isArray(lib)) options["lib"] = lib.filter((each) => typeof each === "string");
  return options;
}

function numberOf(table: Readonly<Record<string, number>>, value: unknown): number | undefined {
  return typeof value === "string" ? table[value.toLowerCase()] : undefined;
}
