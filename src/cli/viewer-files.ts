/** The built viewer beside the command line: its files, and the page of a report. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** `dist/web`, from the sources as from the built command. */
const FOLDER = fileURLToPath(new URL('../../dist/web/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** Throws if this installation has no viewer: only a checkout that was not built. */
export function assertViewer(): void {
  if (existsSync(path.join(FOLDER, 'index.html'))) return;
  throw new Error(`the viewer is not built: ${FOLDER} has no index.html; run npm run build`);
}

export function typeOf(file: string): string {
  return TYPES[path.extname(file)] ?? 'application/octet-stream';
}

/** A file of the viewer by the path of its address; `undefined` if there is none. */
export function viewerFile(address: string): Buffer | undefined {
  const file = path.join(FOLDER, address === '/' ? 'index.html' : address);
  if (!file.startsWith(FOLDER)) return undefined;
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The page of a report with its data in it: one file that needs nothing else. */
export function reportPage(data: unknown): string {
  const page = readFileSync(path.join(FOLDER, 'report.html'), 'utf8');
  // In a script element nothing else than its end tag, or a comment, has a meaning.
  const text = JSON.stringify(data).replaceAll('<', '\\u003c');
  return page.replace(
    '<div id="app">',
    () => `<script type="application/json" id="report">${text}</script>\n    <div id="app">`,
  );
}
