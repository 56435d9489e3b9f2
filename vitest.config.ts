import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most tests wait for processes and servers of their own.
    maxWorkers: "100%",
    // Files follow one another in a process and share what they import: a file leaves nothing behind that another could meet.
    isolate: false,
    // The compiled program is run as it is, not transformed once more.
    server: { deps: { external: [/\/dist\//] } },
  },
});
