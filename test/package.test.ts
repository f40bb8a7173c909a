/**
 * The package as somebody gets it who installs it: packed, installed into an empty folder, run by
 * `npx`, imported with its types. Dependencies come from npm's cache where they are in it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from './architecture/source.js';
import { builtMain } from './packaging/built.js';

const work = mkdtempSync(path.join(tmpdir(), 'holdfast-package-'));
const home = path.join(work, 'home');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
let tarball = '';

function run(folder: string, command: string, ...args: string[]) {
  const { CI: _ci, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

beforeAll(() => {
  builtMain();
  mkdirSync(home);
  // The scripts of the package would build it again under the feet of other tests.
  const packed = run(ROOT, 'npm', 'pack', '--ignore-scripts', '--pack-destination', work);
  expect(packed.status, packed.stderr).toBe(0);
  tarball = path.join(work, readdirSync(work).find((name) => name.endsWith('.tgz'))!);
  writeFileSync(path.join(home, 'package.json'), '{ "private": true, "type": "module" }\n');
  const installed = run(home, 'npm', 'install', '--prefer-offline', '--no-audit', tarball);
  expect(installed.status, installed.stderr).toBe(0);
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

it('holds what it needs, and nothing that belongs to the repository', () => {
  const root = path.join(home, 'node_modules/holdfast');
  expect(readdirSync(root).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist',
    'docs',
    'examples',
    'package.json',
    'schemas',
  ]);
});

it('is installed in a checkout from a lock file that leaves nothing out, on any platform', () => {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  expect(wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
});

it('brings few packages along', () => {
  const listed = run(home, 'npm', 'ls', '--all', '--parseable');
  const packages = listed.stdout.split('\n').filter((line) => line.includes('node_modules'));
  expect(packages.length).toBeLessThan(20);
});

it('runs as npx holdfast', () => {
  expect(run(home, 'npx', 'holdfast', '--version').stdout.trim()).toBe(manifest.version);
  const listed = run(home, 'npx', 'holdfast', 'list');
  expect(listed.status, listed.stderr).toBe(0);
  expect(listed.stdout).toContain('redlock');
});

it('checks a lock file in TypeScript that imports it by name', () => {
  const example = readFileSync(path.join(ROOT, 'examples/my-lock.ts'), 'utf8');
  writeFileSync(path.join(home, 'my-lock.ts'), example);
  const checked = run(home, 'npx', 'holdfast', 'check', './my-lock.ts', '--runs', '100', '--json');
  expect(checked.stderr).toBe('');
  const report = JSON.parse(checked.stdout) as { algorithm: string; runs: number };
  expect(report).toMatchObject({ algorithm: 'my-lock', runs: 100 });
});

it('says what runs on real servers need', () => {
  const { stderr, status } = run(home, 'npx', 'holdfast', 'real', 'check', 'set-nx');
  expect(stderr).toMatch(/^holdfast: runs on real servers use .*: npm install ioredis pg etcd3 /);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
});

it('is imported with its types', () => {
  const lines = [
    "import { defineLock, FAULT_CLASSES, locks, type FaultClass, type Lock } from 'holdfast';",
    'const first: FaultClass = FAULT_CLASSES[0];',
    'const lock: Lock = { acquire: async () => ({ granted: false, reason: first }) };',
    '// @ts-expect-error an algorithm needs more than a name',
    "defineLock({ name: 'nameless' });",
    'export const count: number = locks.length;',
    'void lock;',
  ];
  writeFileSync(path.join(home, 'use.ts'), `${lines.join('\n')}\n`);
  const options = { strict: true, module: 'NodeNext', target: 'ES2023', types: [], noEmit: true };
  const config = { compilerOptions: { ...options, lib: ['ES2023', 'DOM'] }, files: ['use.ts'] };
  writeFileSync(path.join(home, 'tsconfig.json'), JSON.stringify(config));
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const checked = run(home, process.execPath, tsc, '-p', 'tsconfig.json');
  expect(checked.stdout).toBe('');
  expect(checked.status).toBe(0);
});

it('is imported at run time', () => {
  const program = "import('holdfast').then(({ locks }) => console.log(locks.length > 5))";
  expect(run(home, process.execPath, '-e', program).stdout.trim()).toBe('true');
});

it('brings the JSON Schema of its traces', () => {
  const program = "console.log(require('holdfast/schemas/trace.schema.json').$id)";
  expect(run(home, process.execPath, '-e', program).stdout.trim()).toBe(
    'urn:holdfast:schema:trace:1',
  );
});

it('keeps its inside to itself', () => {
  const program = "import('holdfast/dist/sim/world.js')";
  expect(run(home, process.execPath, '-e', program).stderr).toContain(
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  );
});

it('is in the shape that package tools expect', async () => {
  const bytes = readFileSync(tarball);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  const lines = messages.map((message) => `${message.type}: ${formatMessage(message, pkg)}`);
  expect(lines).toEqual([]);
});
