/**
 * Who may import whom. The pipeline is the architecture: each stage is a folder that knows the data
 * types, its own files, and as little else as it can (docs/architecture.md, "Import rules").
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import type { Problem, SourceFile } from './source.js';

interface Layer {
  /** What its files may import, besides their own layer. */
  readonly sees: readonly string[];
  /** A star at the end stands for any rest of a name. */
  readonly packages?: readonly string[];
  /** Whether it runs on Node and may use what Node brings. */
  readonly onNode?: true;
  /** Whether its files stand in `web/`, which nothing under `src/` may import. */
  readonly inWeb?: true;
}

const CORE = ['data', 'interfaces', 'algorithms', 'workloads', 'sim', 'checkers', 'story'] as const;

export const LAYERS: Readonly<Record<string, Layer>> = {
  /** Data types and pure functions at the root of `src/`. */
  data: { sees: [], packages: ['seedrandom'] },
  /** What a lock is and what it sees: all that the kernel knows of locks, and locks of a kernel. */
  interfaces: { sees: ['data'] },
  algorithms: { sees: ['data', 'interfaces'] },
  workloads: { sees: ['data', 'interfaces'] },
  /** Scenarios as data: they name their lock and workload. */
  pitfalls: { sees: ['data'] },
  /** State machines: a command and the clocks in, a reply out. */
  servers: { sees: ['data'], packages: ['pgsql-ast-parser'] },
  sim: { sees: ['data', 'interfaces', 'workloads', 'servers'], packages: [] },
  checkers: { sees: ['data'] },
  story: { sees: ['data', 'checkers'] },
  /** A run as a file and as a picture, without a screen. */
  timeline: { sees: ['data', 'checkers', 'story'] },
  /** Runs to learn from, as data; what they say of a run is read from its trace. */
  lessons: { sees: ['data', 'story', 'timeline', 'lab', 'search'] },
  pipeline: { sees: ['data', 'sim', 'checkers'] },
  search: { sees: [...CORE, 'servers', 'pipeline'] },
  host: {
    sees: [...CORE, 'pitfalls', 'index', 'pipeline', 'search'],
    packages: ['tsx'],
    onNode: true,
  },
  /** What a page lends to the kernel: it knows the DOM, and no Node. */
  browser: { sees: [...CORE, 'pipeline', 'search'] },
  /** The same locks on real servers: processes, proxies, clocks. */
  real: {
    sees: [...CORE, 'servers', 'timeline', 'pipeline', 'search', 'host'],
    packages: ['ioredis', 'pg', 'etcd3', 'node-zookeeper-client', 'tsx'],
    onNode: true,
  },
  cli: {
    sees: ['data', 'pitfalls', 'checkers', 'story', 'timeline', 'schema', 'host', 'real'],
    packages: ['commander'],
    onNode: true,
  },
  /** What a lock file imports. */
  index: { sees: ['data', 'interfaces', 'algorithms', 'workloads'] },
  /** What people write, checked where it is written: it says what is wrong with its place. */
  schema: { sees: ['data', 'story'], packages: ['valibot'] },
  /** What the Lab does to a scenario, and what it says of two runs, without a screen. */
  lab: { sees: ['data', 'interfaces', 'story', 'timeline'] },
  /** The pages. */
  web: {
    sees: [
      ...CORE,
      'pitfalls',
      'timeline',
      'lab',
      'lessons',
      'schema',
      'pipeline',
      'search',
      'browser',
    ],
    packages: ['preact', '@preact/signals', 'd3-*', '@codemirror/*'],
    inWeb: true,
  },
};

const INTERFACE_FILES = new Set([
  'src/algorithms/lock.ts',
  'src/algorithms/call-failure.ts',
  'src/algorithms/environment.ts',
  'src/algorithms/etcd.ts',
  'src/algorithms/etcd-connection.ts',
  'src/algorithms/option-spec.ts',
  'src/algorithms/postgres.ts',
  'src/algorithms/postgres-connection.ts',
  'src/algorithms/zookeeper.ts',
]);

/** The layer of a source file; undefined for a folder that this page does not know. */
export function layerOf(file: string): string | undefined {
  if (INTERFACE_FILES.has(file)) return 'interfaces';
  if (file.startsWith('src/sim/servers/')) return 'servers';
  if (file.startsWith('src/host/browser')) return 'browser';
  if (file.startsWith('web/src/')) return 'web';
  const [, first, rest] = file.split('/');
  if (first === 'index.ts' || first === 'pipeline.ts') return path.basename(first, '.ts');
  if (rest === undefined) return 'data';
  return first !== undefined && Object.hasOwn(LAYERS, first) ? first : undefined;
}

/** Every import stays within what the file's layer may see. */
export function importRules(file: SourceFile): Problem[] {
  const name = layerOf(file.path);
  const layer = name === undefined ? undefined : LAYERS[name];
  if (name === undefined || layer === undefined) {
    return [file.problem(0, 'in a folder without import rules: add it to LAYERS')];
  }
  return file.imports().flatMap(({ specifier, line }) => {
    const message = refusal(file.path, name, layer, specifier);
    return message === undefined ? [] : [{ path: file.path, line, message }];
  });
}

function refusal(from: string, name: string, layer: Layer, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = resolveImport(from, specifier);
    if (target.startsWith('examples/') && layer.onNode) return undefined;
    if (layer.inWeb && target.startsWith('web/src/')) return undefined;
    if (!target.startsWith('src/')) return `imports ${specifier}, which is not under src/`;
    const seen = layerOf(target);
    if (seen === name || (seen !== undefined && layer.sees.includes(seen))) return undefined;
    return `${name} may not import ${seen ?? target}; it sees ${list(layer.sees)}`;
  }
  if (isBuiltin(specifier)) {
    return layer.onNode ? undefined : `${name} knows no Node: hand it in, as a port does`;
  }
  const dependency = packageOf(specifier);
  const { packages = [] } = layer;
  const isAllowed = (known: string) =>
    known.endsWith('*') ? dependency.startsWith(known.slice(0, -1)) : known === dependency;
  if (packages.some(isAllowed)) return undefined;
  return `${name} may not import the package ${dependency}; it uses ${list(packages)}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** `seedrandom/lib/alea.js` → `seedrandom`; `@types/node` stays whole. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The file that a relative import names: `.js` stands for the `.ts` it is compiled from. */
export function resolveImport(from: string, specifier: string): string {
  const joined = path.posix.join(path.posix.dirname(from), specifier);
  return joined.replace(/\.(m?)js$/, '.$1ts');
}

/** Files whose paths a file has in quotes; a star stands for any part of a name. */
function namedIn({ text }: SourceFile, files: readonly SourceFile[]): string[] {
  return [...text.matchAll(/'((?:src|test|scripts|web)\/[\w./*-]+\.tsx?)'/g)].flatMap(
    ([, named]) => {
      const [start, end] = named!.split('*');
      if (end === undefined) return [named!];
      const alike = files.filter(({ path: file }) => file.startsWith(start!) && file.endsWith(end));
      return alike.map(({ path: file }) => file);
    },
  );
}

/**
 * Files that nothing leads to from the roots, by an import or by their path in quotes: dead, or not
 * registered. A file that only its own test imports is dead too.
 */
export function unreached(files: readonly SourceFile[], roots: readonly string[]): Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = [...roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const file = byPath.get(next);
    if (file === undefined || reached.has(next)) continue;
    reached.add(next);
    for (const { specifier } of file.imports()) {
      if (!specifier.startsWith('.')) continue;
      const target = resolveImport(next, specifier);
      waiting.push(byPath.has(target) ? target : target.replace(/\.ts$/, '.tsx'));
    }
    waiting.push(...namedIn(file, files));
  }
  return files
    .filter((file) => !reached.has(file.path) && !file.path.endsWith('.d.ts'))
    .map((file) => file.problem(0, 'dead: no entry point leads to it; import, register or remove'));
}
