import { defineConfig } from "vitest/config";

/** The desktop app's tests apart: they need Electron's binary, a display and the built app (`npm run build`). */
export default defineConfig({
  test: {
    include: ["test/electron/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
