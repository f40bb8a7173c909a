import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** What commands remember between two calls is not for those of tests to overwrite. */
const XDG_CACHE_HOME = mkdtempSync(path.join(tmpdir(), 'holdfast-cache-'));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { XDG_CACHE_HOME },
  },
});
