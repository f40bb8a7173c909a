/** How the pages are built: into dist/web, which the command serves and the package ships. */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import { coreChunk, parts } from './build/parts.js';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };

export default defineConfig({
  base: './',
  define: { HOLDFAST_VERSION: JSON.stringify(version) },
  worker: {
    format: 'es',
    plugins: () => [parts()],
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: coreChunk(), debugName: 'core' }] } },
    },
  },
  optimizeDeps: { include: ['pgsql-ast-parser', 'seedrandom/lib/alea.js', 'tinyqueue'] },
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2023' },
});
