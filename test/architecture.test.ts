/**
 * The house rules, kept by the machine: who may import whom, what the core may not use, how long
 * things may be, what names and prose look like. Each rule is in `architecture/` and is shown a
 * sample that breaks it in `architecture/rules.test.ts`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { locks } from '../src/algorithms/index.js';
import { CHECKERS } from '../src/checkers/index.js';
import { banList, orderedKeys } from './architecture/bans.js';
import { EXCEPTIONS, excuses } from './architecture/exceptions.js';
import { importRules, isBuiltin, packageOf, unreached } from './architecture/layers.js';
import { oneMeaning, unitsLast } from './architecture/names.js';
import { ownWords } from './architecture/prose.js';
import {
  fileHeader,
  fileLength,
  functionLength,
  INTERFACES,
  lineWidth,
  MEDIAN_LINES_BELOW,
  medianLength,
} from './architecture/sizes.js';
import type { Problem, SourceFile } from './architecture/source.js';
import { listFiles, ROOT, readSource } from './architecture/source.js';
import { allRun, testNames, untested } from './architecture/tests.js';

const read = (places: readonly string[], ...extensions: string[]): SourceFile[] =>
  listFiles(places, extensions).map(readSource);

const src = read(['src'], '.ts');
const tests = read(['test'], '.ts');
const scripts = read(['scripts'], '.ts', '.mjs');
const examples = read(['examples'], '.ts');
const web = read(['web'], '.ts', '.tsx');
const pages = web.filter(({ path: file }) => file.startsWith('web/src/'));
const code = [...src, ...tests, ...scripts, ...examples, ...web];
const prose = [
  ...read(['docs', 'reports', 'schemas', 'web', '.ci'], ''),
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json', 'package-lock.json'].map(
    readSource,
  ),
];
const isCore = ({ path: file }: SourceFile) => !/^src\/(host|cli|guest|real)\//.test(file);
const inKernel = ({ path: file }: SourceFile) => file.startsWith('src/sim/');

/** Roots of `src/` and `web/`: the library, the command, the page with its worker, its build. */
const ENTRY_POINTS = [
  'src/index.ts',
  'src/cli/main.ts',
  'web/src/main.tsx',
  'web/src/simulator/worker.ts',
  'web/src/report/main.tsx',
  'web/vite.config.ts',
  'web/vite.report.config.ts',
];

/** Where people and machines look for commands: a script that is named here is started. */
const COMMANDS = ['package.json', '.ci/run', 'CONTRIBUTING.md', 'reports/README.md']
  .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
  .join('\n');

/** Whether a command runs a script, as it is or compiled. */
const isCommand = (file: string) =>
  COMMANDS.includes(file) || COMMANDS.includes(file.replace(/\.ts$/, '.js'));

const unexcused = (problems: readonly Problem[]) =>
  problems.filter((problem) => !EXCEPTIONS.some((exception) => excuses(exception, problem)));

function expectNone(problems: readonly Problem[]): void {
  const lines = unexcused(problems).map(({ path, line, message }) => `${path}:${line} ${message}`);
  expect(lines).toEqual([]);
}

/** Rules that look at one file at a time, with the files they are about. */
const RULES: readonly (readonly [
  name: string,
  files: readonly SourceFile[],
  rule: (file: SourceFile) => Problem[],
])[] = [
  ['imports stay within the layers', [...src, ...pages], importRules],
  [
    'the core uses nothing that differs between runs (D4, D7, D8, D11, D12)',
    src.filter(isCore),
    banList,
  ],
  ['the kernel iterates in the order of events (D4)', src.filter(inKernel), orderedKeys],
  ['files begin with what they are for', code, fileHeader],
  ['files are short, interfaces a page, the pipeline shorter', code, fileLength],
  ['functions fit on a screen', code, functionLength],
  ['lines fit the page', code, lineWidth],
  ['numbers that measure time say in which unit', code, unitsLast],
  ['names mean one thing', code, oneMeaning],
  ['all tests run', tests, allRun],
  ['the project speaks of itself alone', [...code, ...prose], ownWords],
];

describe('architecture', () => {
  it.each(RULES)('%s', (_name, files, rule) => {
    expectNone(files.flatMap(rule));
  });

  it(`half of the files of src and web are shorter than ${MEDIAN_LINES_BELOW} lines`, () => {
    expect(medianLength([...src, ...web])).toBeLessThan(MEDIAN_LINES_BELOW);
  });

  it('every source file is reached from an entry point', () => {
    expectNone(unreached([...src, ...web], ENTRY_POINTS));
  });

  it('every helper of a test or script is used', () => {
    const started = [
      ...tests.filter(({ path: file }) => file.endsWith('.test.ts')),
      ...scripts.filter(({ path: file }) => isCommand(file)),
    ];
    const roots = [...started.map(({ path: file }) => file), ...ENTRY_POINTS];
    expectNone(unreached([...src, ...web, ...tests, ...scripts], roots));
  });

  it('every lock and every checker has a test of its own', () => {
    const named = new Set(tests.map(({ path: file }) => file));
    const sound = locks.filter(({ flaw }) => flaw === undefined);
    const wanted = [
      ...sound.map(({ name }) => `test/algorithms/${name}.test.ts`),
      ...CHECKERS.map(({ property }) => `test/checkers/${property}.test.ts`),
    ];
    expect(wanted.filter((file) => !named.has(file))).toEqual([]);
    const stories = ['flawed.test.ts', 'published-stories.ts', 'zookeeper-stories.ts']
      .map((file) => readFileSync(path.join(ROOT, 'test/algorithms', file), 'utf8'))
      .join();
    const flawed = locks.filter(({ flaw }) => flaw !== undefined);
    expect(flawed.filter(({ name }) => !stories.includes(`'${name}'`))).toEqual([]);
  });

  it('every interface file is where the rule looks for it', () => {
    const missing = INTERFACES.filter((file) => !src.some(({ path: known }) => known === file));
    expect(missing).toEqual([]);
  });

  it('the pipeline calls its stages in the order of the diagram', () => {
    const pipeline = readFileSync(path.join(ROOT, 'src/pipeline.ts'), 'utf8');
    const body = pipeline.slice(pipeline.indexOf('export async function checkScenario'));
    const calls = ['simulate(', 'checkAll(', 'verdictOf('].map((call) => body.indexOf(call));
    expect(Math.min(...calls)).toBeGreaterThan(0);
    expect(calls).toEqual([...calls].sort((a, b) => a - b));
  });

  it('every dependency is used where it is declared to be', () => {
    const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
    const used = (files: readonly SourceFile[]) =>
      new Set(
        files
          .flatMap((file) => file.imports())
          .map(({ specifier }) => specifier)
          .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
          .map(packageOf),
      );
    const shipped = used(src);
    const anywhere = used(code);
    const commands = JSON.stringify(manifest.scripts);
    const isUsed = (name: string) =>
      anywhere.has(name) ||
      PEER_OF[name] !== undefined ||
      commands.includes(COMMAND_OF[name] ?? name) ||
      (name.startsWith('@types/') && (name === '@types/node' || anywhere.has(name.slice(7))));
    const development = Object.keys(manifest.devDependencies);
    const peers = Object.keys(manifest.peerDependencies);
    const installed = [...Object.keys(manifest.dependencies), ...peers];
    expect(installed.filter((name) => !shipped.has(name))).toEqual([]);
    // What is only a development dependency is missing where the package is installed.
    expect([...shipped].filter((name) => !installed.includes(name))).toEqual([]);
    // Tests need them here, and no lock that stays in the simulation does there.
    expect(peers.filter((name) => !development.includes(name))).toEqual([]);
    const optional = Object.entries(manifest.peerDependenciesMeta);
    expect(optional.filter(([, { optional }]) => optional).map(([name]) => name)).toEqual(peers);
    expect(development.filter((name) => !isUsed(name))).toEqual([]);
    const declared = new Set([...Object.keys(manifest.dependencies), ...development, 'holdfast']);
    expect([...anywhere].filter((name) => !declared.has(name))).toEqual([]);
  });

  it('every rule of docs/semantics.md has a test that bears its number', () => {
    const text = readFileSync(path.join(ROOT, 'docs/semantics.md'), 'utf8');
    const rules = [...text.matchAll(/^### ([RD]\d+)\b/gm)].map(([, rule]) => rule!);
    expect(rules).toHaveLength(36);
    expect(untested(rules, tests.flatMap(testNames))).toEqual([]);
  });

  it('every exception still excuses something', () => {
    const ofFiles = RULES.flatMap(([, files, rule]) => files.flatMap(rule));
    const problems = [...ofFiles, ...unreached([...src, ...web], ENTRY_POINTS)];
    const idle = EXCEPTIONS.filter((entry) => !problems.some((found) => excuses(entry, found)));
    expect(idle).toEqual([]);
  });
});

/** Packages that another one wants beside itself. */
const PEER_OF: Readonly<Record<string, string>> = { ioredis: 'ioredis-mock' };

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

/** Packages that are used as a command of another name. */
const COMMAND_OF: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'biome',
  typescript: 'tsc',
};
