import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { ExplainedDecision, PolicyExplanation } from "../../contract/policy-explanation.ts";
import type { ScenarioResult } from "../../contract/policy-scenario.ts";
import { defaultLimits } from "../../wiring/deployment.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { EXIT_FAILED } from "../exit-code.ts";
import { headerOf } from "../header-option.ts";
import { collect, parsePositive } from "../options.ts";
import { UsageError } from "../terminal.ts";
import { oneLine } from "../text.ts";

interface ExplainOptions {
  header?: string[];
  tenant?: string;
  persona?: string;
  anonymous?: boolean;
  bodyBytes?: number;
}

export const registerPolicy: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("policy"))
    .description("what the gateway decides: explained for one call, tested offline for many")
    .addHelpText("after", "\nExample:\n  workbench policy explain com.acme.hello GET /items");
  registerExplain(group, contextOf);
  registerTest(group, contextOf);
};

const registerExplain: RegisterCommand = (group, contextOf) => {
  const explain = group
    .command("explain")
    .description("show what every rule says of a call, without making it")
    .argument("<extension>", "name, registry id or install id")
    .argument("<method>", "GET, POST, PUT, PATCH or DELETE")
    .argument("<path>", "path with its query, such as /items?limit=5")
    .option("--header <name: value>", "request header (repeatable)", collect)
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .option("--persona <id>", "who calls (default: the tenant's first persona)")
    .option("--anonymous", "a call without credentials")
    .option("--body-bytes <n>", "size of the request's body", parsePositive)
    .addHelpText(
      "after",
      "\nExits 0 whatever the decision: `allowed` says it. Rates and running calls are those of this process; ask in the\nwindow for those of a running serve.\n\nExample:\n  workbench policy explain com.acme.hello DELETE /items/1 --persona <id>",
    );
  withCommonOptions(explain).action(
    async (extension: string, method: string, path: string, options: ExplainOptions) => {
      const context = contextOf(explain);
      if (!path.startsWith("/")) throw new UsageError(`The path "${path}" does not start with a slash.`);
      if (options.anonymous === true && options.persona !== undefined)
        throw new UsageError("--anonymous and --persona exclude each other.");
      const headers = (options.header ?? []).map(headerOf);
      await context.withWorkbench(async (workbench) => {
        const explanation = await workbench.explain({
          tenantId: workbench.tenantId(options.tenant),
          ref: extension,
          method: method.toUpperCase(),
          path,
          headers,
          bodyBytes: options.bodyBytes,
          personaId: options.anonymous === true ? null : options.persona,
        });
        context.answer.result(explanation, () => explanationText(explanation));
      });
    },
  );
};

const registerTest: RegisterCommand = (group, contextOf) => {
  const test = group
    .command("test")
    .description("run a project's policy scenarios against its manifest, offline")
    .argument("[place]", "project folder, or one file of scenarios (default: this folder)")
    .option("--project <dir>", "folder of the manifest, when a file is named that lies elsewhere")
    .addHelpText(
      "after",
      "\nScenarios are JSON files in the project's policy folder; see docs/policy.md.\nExits 0 when all pass, 1 when one does not.\n\nExample:\n  workbench policy test ./hello",
    );
  withCommonOptions(test).action(async (place: string | undefined, options: { project?: string }) => {
    const context = contextOf(test);
    const path = context.path(place ?? ".");
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    // Loaded on demand, as everything that `--help` does not need.
    const { runScenarioFiles } = await import("../../wiring/policy-scenarios.ts");
    const run = runScenarioFiles({
      dir: options.project === undefined ? (isFile ? projectOf(path) : path) : context.path(options.project),
      file: isFile ? path : undefined,
      defaults: defaultLimits(context.environment),
    });
    if (run.failed > 0) context.setExitCode(EXIT_FAILED);
    context.answer.result(run, () =>
      [
        ...run.files.flatMap(({ file, results }) => [file, ...results.flatMap(resultLines)]),
        "",
        `${run.passed} passed, ${run.failed} failed`,
      ].join("\n"),
    );
  });
};

/** A file in a project's `policy` folder. */
function projectOf(file: string): string {
  return dirname(dirname(file));
}

function resultLines({ name, passed, differences, explanation }: ScenarioResult): string[] {
  if (passed) return [`  ✓ ${oneLine(name)}`];
  return [
    `  ✗ ${oneLine(name)}`,
    ...differences.map(({ what, expected, actual }) => `      ${what}: expected ${expected}, got ${actual}`),
    ...explanationLines(explanation).map((line) => `      ${line}`),
  ];
}

function explanationText(explanation: PolicyExplanation): string {
  const { allowed, refused_by: rule, code, status } = explanation;
  return [
    allowed ? "Nothing refuses this call before it runs." : `Refused by ${rule}: ${status} ${code}.`,
    "",
    ...explanationLines(explanation),
  ].join("\n");
}

const MARKS = { allow: "✓", deny: "✗", unknown: "·" } as const;

function explanationLines({ decisions, refused_by: first }: PolicyExplanation): string[] {
  return decisions.flatMap((decision) => [
    `${decision.rule === first ? "→" : " "} ${MARKS[decision.outcome]} ${decision.rule.padEnd(16)} ${oneLine(decision.detail)}  [${decision.source}]`,
    ...remedyLines(decision),
  ]);
}

function remedyLines({ remedy }: ExplainedDecision): string[] {
  if (remedy === undefined) return [];
  const { manifest, command } = remedy;
  return [
    `      ${remedy.text}`,
    ...(manifest?.line === undefined ? [] : [`      manifest.json:${manifest.line}:${manifest.column ?? 1}`]),
    ...(command === undefined ? [] : [`      ${command}`]),
  ];
}
