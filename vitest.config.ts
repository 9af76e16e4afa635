import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    testTimeout: 20_000,
    // Loading all mappings takes some seconds on a machine that is busy with other test files.
    hookTimeout: 30_000,
    pool: "forks",
  },
});
