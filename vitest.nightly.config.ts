import { defineConfig } from 'vitest/config';

/** What takes too long for every run of the tests: `npm run test:nightly`. */
export default defineConfig({
  test: {
    include: [
      ...['test/nightly/**/*.test.ts', 'test/model/**/*.test.ts', 'test/e2e/crash-points.test.ts'],
      'test/core/scanned-lines.test.ts',
    ],
    globalSetup: ['test/support/temporary-root.ts'],
    setupFiles: ['test/support/outbound.ts'],
    env: { MODEL_RUNS: '200000', CRASH_POINTS: 'all', CRASH_PAIRS: 'all', SCANNED_LINES: '500000' },
    testTimeout: 86_400_000,
    hookTimeout: 300_000,
    // One after the other: they measure how fast the product is.
    fileParallelism: false,
  },
});
