import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['scripts/bench/baseline/*.baseline.ts'], testTimeout: 120_000 },
});
