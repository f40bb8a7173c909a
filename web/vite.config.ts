/** How the pages are built: into dist/web, which the command serves and the package ships. */
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { pageChunks, workerChunks } from './build/chunks.js';
import { withoutClaims } from './build/claims.js';
import { parts } from './build/parts.js';
import { reports } from './build/reports.js';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };

/** With one file of styles there is nothing to be loaded ahead of a chunk. */
function plainImports(): Plugin {
  return {
    name: 'holdfast-plain-imports',
    enforce: 'pre',
    load: (id) =>
      id === '\0vite/preload-helper.js'
        ? 'export const __vitePreload = (load) => load();'
        : undefined,
  };
}

export default defineConfig({
  plugins: [plainImports(), reports()],
  base: './',
  define: { HOLDFAST_VERSION: JSON.stringify(version) },
  worker: {
    format: 'es',
    plugins: () => [parts(), withoutClaims()],
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: workerChunks(), debugName: 'worker' }] },
      },
    },
  },
  optimizeDeps: { include: ['pgsql-ast-parser', 'seedrandom/lib/alea.js'] },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: pageChunks(), debugName: 'page' }] } },
    },
  },
});
