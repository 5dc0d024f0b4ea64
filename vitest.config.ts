// Which tests there are: fast ones that run side by side, and the flow in a real editor, which has the machine to itself.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/editor/**", "test/simulator/coverage.test.ts"],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      // Writes the table of what is simulated: every function is left out once, which takes minutes.
      { test: { name: "coverage", include: ["test/simulator/coverage.test.ts"], testTimeout: 1_800_000 } },
      {
        test: {
          name: "editor",
          include: ["test/editor/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
