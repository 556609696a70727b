import type { TypeSources } from "../../../../core/contract/rpc/project.ts";
import fixturesSchema from "../../../../resources/schemas/fixtures.schema.json";
import manifestSchema from "../../../../resources/schemas/manifest.schema.json";
import scenariosSchema from "../../../../resources/schemas/policy-scenarios.schema.json";
import settingsSchema from "../../../../resources/schemas/workbench.schema.json";
import { editorOptions } from "../../../state/project/compiler-options.ts";
import { FIXTURES_URI, ROOT, uriOf } from "./models.ts";
import { javascriptDefaults, jsonDefaults, typescriptDefaults } from "./monaco.ts";

const LATEST = 99;
const ES_NEXT = 99;
const NODE_RESOLUTION = 2;

/** As the build checks a project that says nothing else. */
const COMPILER_OPTIONS = {
  target: LATEST,
  module: ES_NEXT,
  moduleResolution: NODE_RESOLUTION,
  lib: ["es2023", "webworker"],
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowNonTsExtensions: true,
  allowImportingTsExtensions: true,
};

jsonDefaults.setDiagnosticsOptions({
  validate: true,
  allowComments: false,
  // A manifest may name a schema of its own; nothing is fetched for an editor.
  enableSchemaRequest: false,
  schemaRequest: "ignore",
  schemas: [
    {
      uri: "workbench://schemas/manifest.schema.json",
      fileMatch: [uriOf("manifest.json").toString()],
      schema: manifestSchema,
    },
    {
      uri: "workbench://schemas/workbench.schema.json",
      fileMatch: [uriOf("workbench.json").toString()],
      schema: settingsSchema,
    },
    {
      uri: "workbench://schemas/policy-scenarios.schema.json",
      // Of `policy/*.json` below the project's root.
      fileMatch: [`${uriOf("policy").toString()}/*.json`],
      schema: scenariosSchema,
    },
    {
      uri: "workbench://schemas/fixtures.schema.json",
      fileMatch: [FIXTURES_URI],
      schema: fixturesSchema,
    },
  ],
});
/** And what a project without settings writes in JavaScript. */
const JAVASCRIPT_OPTIONS = {
  ...COMPILER_OPTIONS,
  lib: ["es2023", "dom"],
  allowJs: true,
  checkJs: false,
  strict: false,
};
typescriptDefaults.setCompilerOptions(COMPILER_OPTIONS);
typescriptDefaults.setEagerModelSync(true);
javascriptDefaults.setCompilerOptions(JAVASCRIPT_OPTIONS);
javascriptDefaults.setEagerModelSync(true);
/** Setting them starts the page's compiler anew. */
let settings = "";

/** Gives the page's compiler the host API and the project's files that are not open. */
export function setTypeSources({ declarations, sources, compiler }: TypeSources): void {
  const own = compiler.options;
  if (settings !== JSON.stringify(own ?? {})) {
    settings = JSON.stringify(own ?? {});
    typescriptDefaults.setCompilerOptions(
      own ? { ...COMPILER_OPTIONS, ...editorOptions(own) } : COMPILER_OPTIONS,
    );
    javascriptDefaults.setCompilerOptions(
      own ? { ...COMPILER_OPTIONS, allowJs: true, ...editorOptions(own) } : JAVASCRIPT_OPTIONS,
    );
  }
  // As the compiler spells paths, not as addresses are escaped: it looks for `node_modules/@…`.
  const libraries = [
    ...declarations.map(({ module_path, text }) => ({
      filePath: ROOT + module_path,
      content: text,
    })),
    ...sources.map(({ path, text }) => ({ filePath: ROOT + path, content: text })),
  ];
  typescriptDefaults.setExtraLibs(libraries);
  javascriptDefaults.setExtraLibs(libraries);
}
