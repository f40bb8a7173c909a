/**
 * Loads a user's lock file: TypeScript or JavaScript, module or CommonJS, from anywhere. The name
 * `holdfast` in it means the package that is running, wherever the file stands (docs/semantics.md,
 * D10).
 */
import { statSync } from 'node:fs';
import Module, { register } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LockAlgorithm } from '../algorithms/lock.js';
import { LockFileError, validateAlgorithm } from '../algorithms/validate.js';
import type { Workload } from '../workloads/workload.js';
import { UsageError } from './engine-api.js';
import { whileWrapped } from './guards.js';

/** Kinds of files that can hold a lock. */
export const LOCK_FILE_EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'] as const;

export interface LockFile {
  readonly algorithm: LockAlgorithm;
  readonly workload: Workload | undefined;
  /** Name and version of what transpiled it, if anything did. */
  readonly transpiler: string | undefined;
}

const ENTRY = new URL('../index.js', import.meta.url).href;

const REQUIRE_ENTRY = fileURLToPath(new URL('./require-entry.cjs', import.meta.url));
let resolving = false;

/** Makes `holdfast` mean this package, for `import` and for `require`, from now on. */
async function resolveOurselves(): Promise<void> {
  if (resolving) return;
  resolving = true;
  const hook = `
    export function resolve(specifier, context, next) {
      if (specifier === 'holdfast') return { url: ${JSON.stringify(ENTRY)}, shortCircuit: true };
      return next(specifier, context);
    }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  const running = globalThis as Record<symbol, unknown>;
  running[Symbol.for('holdfast.running')] = await import(ENTRY);
  const resolver = Module as unknown as {
    _resolveFilename(request: string, ...rest: unknown[]): string;
  };
  const original = resolver._resolveFilename;
  resolver._resolveFilename = function (request: string, ...rest: unknown[]) {
    return request === 'holdfast' ? REQUIRE_ENTRY : original.call(this, request, ...rest);
  };
}

export async function loadLockFile(file: string): Promise<LockFile> {
  const absolute = path.resolve(file);
  const extension = path.extname(absolute);
  if (!LOCK_FILE_EXTENSIONS.some((known) => known === extension)) {
    throw new UsageError(
      `${file}: the name of a lock file ends in ${LOCK_FILE_EXTENSIONS.join(', ')}` +
        `${extension === '' ? '' : `, not in ${extension}`}`,
    );
  }
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`${file}: there is no such file`);
  // To open a FIFO may take for ever, and no thread can be ended meanwhile.
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'no file that can be loaded';
    throw new UsageError(`${file}: it is ${what}; name the file that holds the lock`);
  }
  const typed = extension.endsWith('ts');
  const transpiler = typed ? await registerTranspiler() : undefined;
  await resolveOurselves();
  const exported = await importFile(file, absolute);
  return {
    algorithm: validated(file, pick(file, exported)),
    workload: pickWorkload(file, exported),
    transpiler,
  };
}

function validated(file: string, { name, value }: Exported): LockAlgorithm {
  try {
    const which = name === 'default' ? 'its default export' : `its export ${name}`;
    return validateAlgorithm(value, file, which);
  } catch (error) {
    if (error instanceof LockFileError) throw new UsageError(error.message);
    throw error;
  }
}

async function registerTranspiler(): Promise<string> {
  const { register: registerTsx } = await import('tsx/esm/api');
  registerTsx();
  const { register: registerCommonJs } = await import('tsx/cjs/api');
  registerCommonJs();
  const { default: manifest } = await import('tsx/package.json', { with: { type: 'json' } });
  return `tsx ${manifest.version}`;
}

async function importFile(file: string, absolute: string): Promise<Record<string, unknown>> {
  try {
    const url = pathToFileURL(absolute).href;
    return await whileWrapped(async () => (await import(url)) as Record<string, unknown>);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new UsageError(`${file}: it does not load: ${reason}`);
  }
}

/** What stands where a lock has to. */
interface Exported {
  readonly name: 'default' | 'lock';
  readonly value: unknown;
}

/** The one that has a value; else one that is there, whose author has not forgotten it. */
function nameOfLock(exported: Record<string, unknown>): Exported['name'] | undefined {
  const names = (['default', 'lock'] as const).filter((name) => name in exported);
  const hasValue = (name: Exported['name']) =>
    exported[name] !== undefined && exported[name] !== null;
  return names.find(hasValue) ?? names[0];
}

/** The default export, or the one named `lock`; a CommonJS file's exports stand under `default`. */
function pick(file: string, exported: Record<string, unknown>): Exported {
  const name = nameOfLock(exported);
  const found = name && exported[name];
  if (isRecord(found) && !('create' in found)) {
    const inner = nameOfLock(found);
    if (inner !== undefined) return { name: inner, value: found[inner] };
  }
  if (name !== undefined && !isNamespace(found, exported)) return { name, value: found };
  const names = Object.keys(found ?? exported);
  const exports = names.length === 0 ? 'nothing' : names.join(', ');
  throw new UsageError(
    `${file}: it has no default export and none named lock (it exports ${exports}); ` +
      'export default defineLock({ … })',
  );
}

/**
 * Whether a default export is only the object in which a CommonJS file has its named exports: one
 * that was a module before it was transpiled says so, of others Node knows the names.
 */
function isNamespace(found: unknown, exported: Record<string, unknown>): boolean {
  if (!isRecord(found) || 'create' in found) return false;
  if (found['__esModule'] === true) return true;
  const names = Object.keys(found);
  return names.length > 0 && names.every((name) => exported[name] === found[name]);
}

function pickWorkload(file: string, exported: Record<string, unknown>): Workload | undefined {
  const inner = exported['default'];
  const found = exported['workload'] ?? (isRecord(inner) ? inner['workload'] : undefined);
  if (found === undefined) return undefined;
  if (!isRecord(found) || typeof found['operation'] !== 'function') {
    throw new UsageError(
      `${file}: export workload is ${typeof found}; it needs an operation function: ` +
        'export const workload = defineWorkload({ … })',
    );
  }
  const name = typeof found['name'] === 'string' ? found['name'] : 'workload';
  return { summary: '', ...found, name } as unknown as Workload;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
