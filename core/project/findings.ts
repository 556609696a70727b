import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DocumentProblem } from "../contract/document-problem.ts";
import { MAX_MANIFEST_BYTES } from "../contract/limits.ts";
import { MANIFEST_FILE, type Manifest } from "../contract/manifest.ts";
import { PROJECT_CONFIG_FILE } from "../contract/project-config.ts";
import type { Finding } from "../contract/rpc/project.ts";
import { reasonOf } from "./errors.ts";

export interface DocumentJudgement {
  readonly problems: readonly DocumentProblem[];
  readonly warnings: readonly DocumentProblem[];
}

/** Judges the texts of the files that describe a project. */
export interface DocumentJudge {
  manifest(text: string): DocumentJudgement & { readonly manifest?: Manifest };
  settings(text: string): DocumentJudgement;
}

/** What is wrong with `manifest.json` and `workbench.json`, with line and column. Never throws. */
export async function documentFindings(root: string, judge: DocumentJudge): Promise<Finding[]> {
  const [manifest, settings] = await Promise.all([
    documentFinding(root, MANIFEST_FILE, "manifest", judge.manifest, "required"),
    documentFinding(root, PROJECT_CONFIG_FILE, "settings", judge.settings, "optional"),
  ]);
  return [...manifest, ...settings];
}

async function documentFinding(
  root: string,
  path: string,
  source: Finding["source"],
  judge: (text: string) => DocumentJudgement,
  presence: "required" | "optional",
): Promise<Finding[]> {
  const whole = (message: string, code: string): Finding[] => [
    { source, severity: "error", message, path, line: 1, column: 1, code },
  ];
  try {
    const { size } = await stat(join(root, path));
    if (size > MAX_MANIFEST_BYTES) return whole(`${path} is larger than it may be.`, "file_too_large");
    const { problems, warnings } = judge(await readFile(join(root, path), "utf8"));
    return [
      ...problems.map((problem) => findingOf(source, "error", path, problem)),
      ...warnings.map((warning) => findingOf(source, "warning", path, warning)),
    ];
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== "ENOENT") return whole(`${path} cannot be read (${reason}).`, "file_unreadable");
    return presence === "optional" ? [] : whole(`The project has no ${path}.`, "manifest_missing");
  }
}

function findingOf(
  source: Finding["source"],
  severity: Finding["severity"],
  path: string,
  problem: DocumentProblem,
): Finding {
  return {
    source,
    severity,
    path,
    line: problem.line,
    column: problem.column,
    message: `${problem.path}: ${problem.message}`,
    ...(problem.code === undefined ? {} : { code: problem.code }),
  };
}
