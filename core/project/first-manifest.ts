import { ProjectFileError } from "./errors.ts";
import type { DocumentJudge } from "./findings.ts";

/** Text of the smallest manifest that is valid. Errors: `name_invalid`. */
export function firstManifest(name: string, judge: DocumentJudge): string {
  const text = `${JSON.stringify({ name, version: "0.1.0", runtime: "wasm-js@1", capabilities: [] }, null, 2)}\n`;
  const { problems } = judge.manifest(text);
  if (problems.length === 0) return text;
  throw new ProjectFileError({
    code: "name_invalid",
    message: "This cannot be an extension's name.",
    details: { problems: problems.map((problem) => problem.message) },
    hint: "Use a lowercase reverse-domain name such as com.acme.hello.",
  });
}
