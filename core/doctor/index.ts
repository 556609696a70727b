import type { Check, CheckResult, DoctorContext } from "./check.ts";
import { bundleStoreCheck } from "./checks/bundle-store.ts";
import { clockCheck } from "./checks/clock.ts";
import { dataFolderCheck } from "./checks/data-folder.ts";
import { electronCheck } from "./checks/electron.ts";
import { environmentCheck } from "./checks/environment.ts";
import { externalRunnerCheck } from "./checks/external-runner.ts";
import { nodeCheck } from "./checks/node.ts";
import { opensslCheck } from "./checks/openssl.ts";
import { portsCheck } from "./checks/ports.ts";
import { toolchainCheck } from "./checks/toolchain.ts";
import { workbenchCheck } from "./checks/workbench.ts";

export type { CheckResult, DoctorContext } from "./check.ts";

const CHECKS: readonly Check[] = [
  nodeCheck,
  toolchainCheck,
  portsCheck,
  dataFolderCheck,
  clockCheck,
  environmentCheck,
  workbenchCheck,
  bundleStoreCheck,
  externalRunnerCheck,
  opensslCheck,
  electronCheck,
];

/** Runs every check; one that breaks is a failed check, never a failed doctor. */
export function examine(context: DoctorContext): Promise<CheckResult[]> {
  return Promise.all(
    CHECKS.map(async (check) => {
      try {
        return { name: check.name, ...(await check.run(context)) };
      } catch (error) {
        return {
          name: check.name,
          status: "fail" as const,
          detail: error instanceof Error ? error.message : "the check itself failed",
          fix: "Report this as a defect of the workbench.",
        };
      }
    }),
  );
}
