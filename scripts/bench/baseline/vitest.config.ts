/** Runs the baseline alone: how the bug is found today is no test of ours. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['scripts/bench/baseline/*.baseline.ts'], testTimeout: 120_000 },
});
