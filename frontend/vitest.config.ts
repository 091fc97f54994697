import { defineConfig } from "vitest/config";

export default defineConfig({
  // A busy machine fails no test: only one that hangs takes so long.
  test: { include: ["tests/**/*.test.ts"], environment: "node", testTimeout: 120_000 },
});
