/** Lock files: TypeScript and JavaScript, modules and CommonJS, from anywhere (D10). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadLockFile } from '../../src/host/load.js';
import { ROOT } from '../architecture/source.js';
import { builtMain } from '../packaging/built.js';

const BODY = (name: string) => `{
  name: '${name}',
  summary: 'Never grants.',
  source: 'a test',
  services: { redis: 1 },
  options: {},
  claims: {},
  create: () => ({ acquire: async () => ({ granted: false, reason: 'never' }) }),
}`;
const WORKLOAD = "{ name: 'idle', summary: 'Does nothing.', async operation() {} }";

/** Each file with its text. */
const FILES: Readonly<Record<string, string>> = {
  'typed.ts': `import { defineLock, type LockAlgorithm } from 'holdfast';
    const lock: LockAlgorithm = defineLock(${BODY('typed')});
    export default lock;`,
  'module.mts': `import { defineLock } from 'holdfast';
    const name: string = 'module';
    export default defineLock({ ...${BODY('x')}, name });`,
  'common.cts': `import holdfast = require('holdfast');
    export = holdfast.defineLock(${BODY('common')});`,
  'plain.mjs': `import { defineLock } from 'holdfast';
    export default defineLock(${BODY('plain')});`,
  'common.cjs': `const { defineLock } = require('holdfast');
    module.exports = defineLock(${BODY('common-js')});`,
  'exports.cjs': `exports.lock = ${BODY('exports-lock')};`,
  'named.mjs': `export const lock = ${BODY('named')};`,
  'neighbour.ts': `import { NAME } from './constants.js';
    export default { ...${BODY('x')}, name: NAME };`,
  'constants.ts': `export const NAME: string = 'neighbour';`,
  'workload.ts': `import { defineLock, defineWorkload } from 'holdfast';
    export default defineLock(${BODY('with-workload')});
    export const workload = defineWorkload(${WORKLOAD});`,
  'nothing.mjs': '',
  'others.mjs': 'export const one = 1; export const two = 2;',
  'others.cjs': 'exports.one = 1; exports.two = 2;',
  'others.ts': 'export const one: number = 1;',
  'throws.mjs': "throw new RangeError('at the top');",
  'syntax.ts': 'export default {',
  'missing.mjs': "import './gone.mjs';",
  'number.mjs': 'export default 7;',
  'null.mjs': 'export default null;',
  'undefined.mjs': 'export default undefined;',
  'null.cjs': 'module.exports = null;',
  'null.ts': 'export default null;',
  'named-null.mjs': 'export const lock = null;',
  'null-and-named.mjs': `export default null; export const lock = ${BODY('beside-null')};`,
  'workload-text.mjs': `export default ${BODY('x')}; export const workload = 'idle';`,
  'lock.txt': 'export default 1;',
  lock: 'export default 1;',
};

type Outcome =
  | { readonly name: string; readonly workload: string | null; readonly transpiler: string | null }
  | { readonly error: string; readonly message: string };

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-load-'));
let outcomes: Record<string, Outcome> = {};

beforeAll(() => {
  builtMain();
  for (const [file, text] of Object.entries(FILES)) writeFileSync(path.join(folder, file), text);
  const load = path.join(ROOT, 'dist/host/load.js');
  const script = `
    import { loadLockFile } from ${JSON.stringify(load)};
    const outcomes = {};
    for (const file of process.argv.slice(1)) {
      outcomes[file] = await loadLockFile(file).then(
        ({ algorithm: { name }, workload, transpiler = null }) =>
          ({ name, workload: workload?.name ?? null, transpiler }),
        (error) => ({ error: error.name, message: error.message }),
      );
    }
    console.log(JSON.stringify(outcomes));`;
  const files = [...Object.keys(FILES), 'absent.ts', './plain.mjs'];
  const { stdout, stderr, status } = spawnSync(
    'node',
    ['--input-type=module', '--eval', script, ...files],
    { cwd: folder, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  outcomes = JSON.parse(stdout) as typeof outcomes;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('D10 what loads', () => {
  test.each([
    ['typed.ts', 'typed'],
    ['module.mts', 'module'],
    ['common.cts', 'common'],
    ['plain.mjs', 'plain'],
    ['common.cjs', 'common-js'],
    ['exports.cjs', 'exports-lock'],
    ['named.mjs', 'named'],
    ['neighbour.ts', 'neighbour'],
    ['null-and-named.mjs', 'beside-null'],
    ['./plain.mjs', 'plain'],
  ])('D10 %s, far from the package whose name it imports', (file, name) => {
    expect(outcomes[file]).toMatchObject({ name, workload: null });
  });

  test('D10 a workload beside the lock', () => {
    expect(outcomes['workload.ts']).toMatchObject({ name: 'with-workload', workload: 'idle' });
  });

  test('D10 the transpiler is named with its version, where there is one', () => {
    const { version } = JSON.parse(
      spawnSync('node', ['-p', "JSON.stringify(require('tsx/package.json'))"], {
        cwd: ROOT,
        encoding: 'utf8',
      }).stdout,
    ) as { version: string };
    expect(outcomes['typed.ts']).toMatchObject({ transpiler: `tsx ${version}` });
    expect(outcomes['plain.mjs']).toMatchObject({ transpiler: null });
  });
});

describe('D10 what does not load, in one sentence', () => {
  test.each([
    ['absent.ts', 'absent.ts: there is no such file'],
    [
      'lock.txt',
      'lock.txt: the name of a lock file ends in .ts, .mts, .cts, .js, .mjs, .cjs, not in .txt',
    ],
    ['lock', 'lock: the name of a lock file ends in .ts, .mts, .cts, .js, .mjs, .cjs'],
    ['nothing.mjs', /^nothing\.mjs: it has no default export .* \(it exports nothing\)/],
    ['others.mjs', /^others\.mjs: it has no default export .* \(it exports one, two\)/],
    ['others.cjs', /^others\.cjs: it has no default export .* \(it exports one, two\)/],
    ['others.ts', /^others\.ts: it has no default export .* \(it exports one\)/],
    ['throws.mjs', 'throws.mjs: it does not load: RangeError: at the top'],
    ['missing.mjs', /^missing\.mjs: it does not load: .*gone\.mjs/],
    ['syntax.ts', /^syntax\.ts: it does not load: /],
    ['number.mjs', 'number.mjs: its default export is 7; expected what defineLock returns'],
    ['null.mjs', 'null.mjs: its default export is null; expected what defineLock returns'],
    [
      'undefined.mjs',
      'undefined.mjs: its default export is undefined; expected what defineLock returns',
    ],
    ['null.cjs', 'null.cjs: its default export is null; expected what defineLock returns'],
    ['null.ts', 'null.ts: its default export is null; expected what defineLock returns'],
    ['named-null.mjs', 'named-null.mjs: its export lock is null; expected what defineLock returns'],
    ['workload-text.mjs', /^workload-text\.mjs: export workload is string; /],
  ])('D10 %s', (file, message) => {
    expect(outcomes[file]).toEqual({
      error: 'UsageError',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

test('D10 what is no file is not opened', async () => {
  const [fifo, inner] = [path.join(folder, 'fifo.ts'), path.join(folder, 'folder.ts')];
  execFileSync('mkfifo', [fifo]);
  mkdirSync(inner);
  const words = 'name the file that holds the lock';
  await expect(loadLockFile(fifo)).rejects.toThrow(`it is no file that can be loaded; ${words}`);
  await expect(loadLockFile(inner)).rejects.toThrow(`folder.ts: it is a folder; ${words}`);
});
