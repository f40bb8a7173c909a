/** How the viewer is built: into the package beside the command line that serves it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2023' },
  worker: { format: 'es' },
});
