import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/css/register";
import "monaco-editor/languages/definitions/html/register";
import "monaco-editor/languages/definitions/javascript/register";
import "monaco-editor/languages/definitions/markdown/register";
import "monaco-editor/languages/definitions/typescript/register";
import "monaco-editor/languages/definitions/yaml/register";
import "monaco-editor/languages/features/css/register";
import "monaco-editor/languages/features/html/register";
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import CssWorker from "monaco-editor/language/css/css.worker?worker";
import HtmlWorker from "monaco-editor/language/html/html.worker?worker";
import JsonWorker from "monaco-editor/language/json/json.worker?worker";
import TypeScriptWorker from "monaco-editor/language/typescript/ts.worker?worker";

export * as monaco from "monaco-editor/editor";
export { jsonDefaults } from "monaco-editor/languages/features/json/register";
export { javascriptDefaults, typescriptDefaults } from "monaco-editor/languages/features/typescript/register";

const WORKERS: Readonly<Record<string, new () => Worker>> = {
  css: CssWorker,
  scss: CssWorker,
  less: CssWorker,
  html: HtmlWorker,
  json: JsonWorker,
  typescript: TypeScriptWorker,
  javascript: TypeScriptWorker,
};

// Files of our own build: the page's policy lets no other worker in.
self.MonacoEnvironment = {
  getWorker: (_module, label) => new (WORKERS[label] ?? EditorWorker)(),
};
