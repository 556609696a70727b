import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Suites that open the built page; only they pay for building it. */
const BROWSER_SUITES = ["test/e2e/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A page or a process beside other suites takes its time; a poll ends as soon as it holds.
    expect: { poll: { timeout: 20_000 } },
    // docs/decisions/0184: once more, and named at the end of the run.
    retry: 1,
    pool: "forks",
    // Vitest leaves one core free, which on two cores would be half of the machine.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: "browser",
          include: BROWSER_SUITES,
          globalSetup: ["test/support/build-page.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/bench/**", ...BROWSER_SUITES],
        },
      },
    ],
  },
});
