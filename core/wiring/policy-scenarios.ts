import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { validateDocument, validateManifest } from "../bundle/index.ts";
import { MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { DocumentProblem } from "../contract/document-problem.ts";
import { WorkbenchError } from "../contract/errors.ts";
import { MAX_MANIFEST_BYTES } from "../contract/limits.ts";
import type { Manifest } from "../contract/manifest.ts";
import {
  MAX_SCENARIO_FILE_BYTES,
  SCENARIO_FOLDER,
  type ScenarioResult,
  scenarioFileSchema,
} from "../contract/policy-scenario.ts";
import { type LimitDefaults, runScenario } from "../policy/index.ts";

const MAX_SCENARIO_FILES = 200;

export type ScenarioErrorCode = "scenarios_missing" | "scenarios_invalid" | "manifest_invalid";
class ScenarioError extends WorkbenchError<ScenarioErrorCode> {}

export interface ScenarioRun {
  /** Relative to the project. */
  readonly files: readonly { readonly file: string; readonly results: readonly ScenarioResult[] }[];
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs every scenario of a project against its manifest as it lies there: nothing is built, installed or called.
 * @param file one file alone, by its absolute path; default: every `.json` in the project's `policy` folder
 * @throws ScenarioError
 */
export function runScenarioFiles(options: {
  readonly dir: string;
  readonly file?: string | undefined;
  readonly defaults: LimitDefaults;
}): ScenarioRun {
  const { dir, defaults } = options;
  const manifest = readManifest(dir);
  const files = (options.file === undefined ? scenarioFiles(dir) : [options.file]).map((path) => ({
    file: options.file === undefined ? `${SCENARIO_FOLDER}/${basename(path)}` : path,
    results: readScenarios(path).map((scenario) => runScenario(scenario, manifest, defaults)),
  }));
  const results = files.flatMap((entry) => entry.results);
  const passed = results.filter((result) => result.passed).length;
  return { files, passed, failed: results.length - passed };
}

function scenarioFiles(dir: string): string[] {
  const folder = join(dir, SCENARIO_FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (names.length === 0 || names.length > MAX_SCENARIO_FILES) {
    throw new ScenarioError({
      code: "scenarios_missing",
      message: `There are no policy scenarios in ${folder}.`,
      details: { expected: `1 to ${MAX_SCENARIO_FILES} files named *.json`, actual: names.length },
      hint: `Write one, for example ${join(SCENARIO_FOLDER, "access.json")}: {"scenarios": [{"name": "a client may not delete", "request": {"method": "DELETE", "path": "/items/1"}, "as": {"user_type": "client"}, "expect": {"outcome": "deny", "code": "forbidden"}}]}`,
    });
  }
  return names.sort().map((name) => join(folder, name));
}

function readManifest(dir: string): Manifest {
  const path = join(dir, MANIFEST_FILE);
  const { manifest, problems } = validateManifest(readBounded(path, MAX_MANIFEST_BYTES), MANIFEST_FILE);
  if (manifest !== undefined) return manifest;
  throw invalid("manifest_invalid", `${path} is no valid manifest.`, problems);
}

function readScenarios(path: string) {
  const text = readBounded(path, MAX_SCENARIO_FILE_BYTES);
  const { value, problems } = validateDocument(text, scenarioFileSchema, {
    maxBytes: MAX_SCENARIO_FILE_BYTES,
    fileName: basename(path),
  });
  if (value !== undefined) return value.scenarios;
  throw invalid("scenarios_invalid", `${path} holds no valid scenarios.`, problems);
}

function readBounded(path: string, maxBytes: number): string {
  try {
    const { size } = statSync(path);
    if (size <= maxBytes) return readFileSync(path, "utf8");
  } catch (error) {
    throw new ScenarioError({
      code: "scenarios_missing",
      message: `${path} could not be read.`,
      hint: "Name the folder of a project, or a file of scenarios with --project for its manifest.",
      cause: error,
    });
  }
  throw new ScenarioError({
    code: "scenarios_invalid",
    message: `${path} is too large.`,
    details: { allowed_bytes: maxBytes },
  });
}

function invalid(
  code: ScenarioErrorCode,
  message: string,
  problems: readonly DocumentProblem[],
): ScenarioError {
  return new ScenarioError({
    code,
    message,
    details: { problems },
    hint: "Mend what each problem names; its line and column are beside it.",
  });
}
