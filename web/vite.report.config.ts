/** How the page of a report is built: everything in one file, for the command to put runs into. */
import { defineConfig, type Plugin } from 'vite';

/** Puts scripts and styles into the page itself, so that it works from a disk. */
function inOneFile(): Plugin {
  return {
    name: 'in-one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = Object.values(bundle).find(({ fileName }) => fileName.endsWith('.html'));
      if (page?.type !== 'asset') throw new Error('the build made no page');
      let html = String(page.source);
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === 'chunk') {
          // Vite's mark for what to load before a part: here there is nothing to load.
          const whole = part.code.replaceAll('__VITE_PRELOAD__', '[]');
          const code = whole.replaceAll('</script', '<\\/script');
          html = html.replace(/<script type="module"[^>]*><\/script>/, '');
          html = html.replace('</body>', () => `<script type="module">${code}</script></body>`);
        } else if (name.endsWith('.css')) {
          html = html.replace(
            /<link rel="stylesheet"[^>]*>/,
            () => `<style>${part.source}</style>`,
          );
        } else continue;
        delete bundle[name];
      }
      page.source = html;
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [inOneFile()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: false,
    target: 'es2023',
    modulePreload: false,
    // What other pages fetch when they need it is in the file too: there is nothing to fetch from.
    rolldownOptions: {
      input: new URL('report.html', import.meta.url).pathname,
      output: { codeSplitting: false },
    },
  },
});
