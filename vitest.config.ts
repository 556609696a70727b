import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Vitest leaves one core free, which on two cores would be half of the machine.
    maxWorkers: availableParallelism(),
    globalSetup: ["test/support/build-page.ts"],
  },
});
