/**
 * The plug-in that makes parts of the groups (docs/decisions/0017): who imports a module of a group
 * gets its stand-in, and the modules of a group come in one chunk.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { register } from 'tsx/esm/api';
import type { Plugin } from 'vite';
import { GROUPS } from './groups.js';
import { shapeOf } from './stand-in.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNTIME = path.join(ROOT, 'web/src/simulator/parts.ts');

/** Marks a real module, so that it is not taken for its stand-in. */
const REAL = '?part';
const STAND_IN = '\0stand-in:';
const LOADER = '\0loader:';
/** Before the name of a group: the module that has all of its modules. */
export const GROUP = '\0group:';

/** Group and place in it of each module, by absolute path. */
const places = new Map(
  Object.entries(GROUPS).flatMap(([group, files]) =>
    files.map((file, index) => [path.join(ROOT, file), { group, index }] as const),
  ),
);

export function parts(): Plugin {
  return {
    name: 'holdfast-parts',
    enforce: 'pre',
    resolveId(source, importer) {
      if (/^\0(?:stand-in|loader|group):/.test(source) || source.endsWith(REAL)) return source;
      if (importer === undefined || !source.startsWith('.')) return undefined;
      const from = importer.split('?')[0]!;
      const target = path.resolve(path.dirname(from), source).replace(/\.js$/, '.ts');
      const place = places.get(target);
      if (place === undefined) return undefined;
      const together = importer.endsWith(REAL) && places.get(from)?.group === place.group;
      return together ? target + REAL : STAND_IN + target;
    },
    async load(id) {
      if (id.startsWith(STAND_IN)) return standIn(id.slice(STAND_IN.length));
      if (id.startsWith(LOADER)) return loader(id.slice(LOADER.length));
      if (id.startsWith(GROUP)) return group(id.slice(GROUP.length));
      return undefined;
    },
    async buildEnd() {
      await stopReading?.();
      stopReading = undefined;
    },
  };
}

/** Lets Node import TypeScript, for as long as modules are looked at. */
let stopReading: (() => Promise<void>) | undefined;

async function standIn(file: string): Promise<string> {
  const { group, index } = places.get(file)!;
  stopReading ??= register();
  const exports = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const names = Object.keys(exports).filter((name) => name !== 'default');
  return [
    `import { c, f, get, o, standIn } from ${JSON.stringify(LOADER + group)};`,
    `const all = standIn(get, 'm${index}', ${shapeOf(exports)});`,
    `export const { ${names.join(', ')} } = all;`,
    ...('default' in exports ? ['export default all.default;'] : []),
  ].join('\n');
}

function loader(group: string): string {
  return [
    `import { part } from ${JSON.stringify(RUNTIME)};`,
    `export { c, f, o, standIn } from ${JSON.stringify(RUNTIME)};`,
    `export const get = part(() => import(${JSON.stringify(GROUP + group)}));`,
  ].join('\n');
}

function group(name: string): string {
  const files = GROUPS[name] ?? [];
  const imports = files.map((file, index) => {
    return `import * as m${index} from ${JSON.stringify(path.join(ROOT, file) + REAL)};`;
  });
  return [...imports, `export { ${files.map((_, index) => `m${index}`).join(', ')} };`].join('\n');
}
