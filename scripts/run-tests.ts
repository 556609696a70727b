/** Runs vitest, names every test that failed once and then passed, and closes with `N passed, N failed, N skipped`. */
import { startVitest } from "vitest/node";

const filters = process.argv.slice(2);
const vitest = await startVitest("test", filters, { watch: false, reporters: ["default"] });
const unsteady: string[] = [];
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const module of vitest.state.getTestModules()) {
  for (const test of module.children.allTests()) {
    counts[bucket(test.result().state)] += 1;
    if (test.diagnostic()?.flaky) {
      const errors = test.result().errors?.map(({ message, stack }) => stack ?? message) ?? [];
      unsteady.push([`${module.relativeModuleId} > ${test.fullName}`, ...errors].join("\n"));
    }
  }
  // A file that could not even be loaded holds no test and must not count as none failed.
  if (module.errors().length > 0) counts.failed += 1;
}
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();
if (unsteady.length > 0) {
  process.stdout.write(`UNSTEADY, failed once and then passed: mend\n${unsteady.join("\n")}\n`);
}
process.stdout.write(
  `${counts.passed} passed, ${counts.failed + unhandled} failed, ${counts.skipped} skipped\n`,
);
process.exit(counts.failed + unhandled > 0 || counts.passed === 0 ? 1 : 0);

/** A test that was still pending when the run ended did not pass. */
function bucket(state: "passed" | "failed" | "skipped" | "pending"): "passed" | "failed" | "skipped" {
  return state === "pending" ? "failed" : state;
}
