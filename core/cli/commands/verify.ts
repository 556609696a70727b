import { MAX_SIGNATURE_BYTES, MIB } from "../../contract/limits.ts";
import type { VerificationReport } from "../../contract/verification.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { EXIT_DONE, EXIT_REFUSED } from "../exit-code.ts";
import { readFile, readTextIfThere } from "../files.ts";
import { parseTime } from "../options.ts";
import { oneLine } from "../text.ts";

const SIGN_OF = { pass: "✓", fail: "✗", skipped: "·" } as const;

export const registerVerify: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("verify")
    .description("check a bundle's signature against the trust list and say which check failed")
    .argument("<bundle>", "bundle archive (.tar.zst)")
    .option("--signature <file>", "signature (default: <bundle>.SIGNATURE)")
    .option("--trust <pem>", "judge by this trust bundle alone, instead of the workbench's list")
    .option("--tenant <id>", "judge for this tenant (default: whichever tenants the trust entries name)")
    .option("--at <time>", "judge validity at this ISO 8601 time (default: now)", parseTime)
    .addHelpText(
      "after",
      "\nExit code 3 means refused.\n\nExample:\n  workbench verify dist/bundle.tar.zst --trust acme.pem --at 2026-01-31T12:00:00Z",
    );
  withCommonOptions(command).action(
    async (bundle: string, options: { signature?: string; trust?: string; tenant?: string; at?: Date }) => {
      const context = contextOf(command);
      await context.withWorkbench(async (workbench) => {
        const path = context.path(bundle);
        const archive = await readFile(path);
        const signature = options.signature
          ? (await readFile(context.path(options.signature), MAX_SIGNATURE_BYTES)).toString("utf8")
          : await readTextIfThere(`${path}.SIGNATURE`, MAX_SIGNATURE_BYTES);
        const report = await workbench.verify({
          archive,
          signature,
          at: options.at,
          tenantId: options.tenant === undefined ? undefined : workbench.tenantId(options.tenant),
          trustPem: options.trust
            ? (await readFile(context.path(options.trust), MIB)).toString("utf8")
            : undefined,
        });
        context.answer.result(report, () => reportText(report));
        context.setExitCode(report.verified ? EXIT_DONE : EXIT_REFUSED);
      });
    },
  );
};

export function reportText(report: VerificationReport): string {
  const checks = report.checks.flatMap((check) => [
    `${SIGN_OF[check.status]} ${check.name}${check.detail ? `  ${oneLine(check.detail)}` : ""}`,
    ...(check.status === "fail" && check.expected ? [`    expected ${oneLine(check.expected)}`] : []),
    ...(check.status === "fail" && check.actual ? [`    actual   ${oneLine(check.actual)}`] : []),
  ]);
  const verdict = report.verified ? "verified" : `refused: ${report.code}`;
  return [
    report.content_hash,
    ...(report.signer ? [`signer ${oneLine(report.signer.subject)}`] : []),
    ...checks,
    verdict,
  ].join("\n");
}
