/**
 * The tester tested: each house rule is shown a sample that breaks it and a neighbour that does
 * not. A rule that accepts everything would keep the other test green for ever.
 */
import { describe, expect, it } from 'vitest';
import { banList, orderedKeys } from './bans.js';
import { EXCEPTIONS, excuses } from './exceptions.js';
import { importRules, layerOf, resolveImport, unreached } from './layers.js';
import { oneMeaning, unitsLast } from './names.js';
import { ownWords } from './prose.js';
import { fileHeader, fileLength, functionLength, lineWidth, medianLength } from './sizes.js';
import { type Problem, SourceFile } from './source.js';
import { allRun, testNames, untested } from './tests.js';

const at = (path: string, ...lines: string[]) => new SourceFile(path, `${lines.join('\n')}\n`);
const core = (...lines: string[]) => at('src/sim/sample.ts', ...lines);
const places = (problems: readonly Problem[]) => problems.map(({ line }) => line);
const messages = (problems: readonly Problem[]) => problems.map(({ message }) => message);

describe('import rules', () => {
  const refused: readonly (readonly [file: string, statement: string, why: string])[] = [
    ['src/checkers/leak.ts', "import { World } from '../sim/world.js';", 'checkers may not'],
    ['src/algorithms/mine.ts', "import type { A } from '../sim/world.js';", 'algorithms may not'],
    ['src/algorithms/lock.ts', "import set from './set-nx.js';", 'interfaces may not'],
    ['src/sim/client.ts', "import redlock from '../algorithms/redlock.js';", 'sim may not'],
    ['src/sim/servers/redis/x.ts', "import { W } from '../../world.js';", 'servers may not'],
    ['src/search/shrink.ts', "import { settle } from '../host/settle.js';", 'search may not'],
    ['src/scenario.ts', "export * from './sim/world.js';", 'data may not'],
    ['src/sim/queue.ts', "import { readFileSync } from 'node:fs';", 'sim knows no Node'],
    ['src/sim/queue.ts', "const fs = await import('fs');", 'sim knows no Node'],
    ['src/search/plan.ts', "import { z } from 'valibot';", 'package valibot'],
    ['src/host/thread.ts', "new Worker(new URL('../cli/main.js', import.meta.url));", 'may not'],
    ['src/host/thread.ts', "import { it } from '../../test/x.js';", 'not under src/'],
    ['src/kitchen/sink.ts', '', 'without import rules'],
    ['src/host/browser.ts', "import { zlib } from 'node:zlib';", 'browser knows no Node'],
    ['src/host/browser.ts', "import { settle } from './settle.js';", 'browser may not import host'],
    ['src/lab/edit.ts', "import { draw } from '../../web/src/draw.js';", 'not under src/'],
    ['web/src/main.tsx', "import { readFile } from 'node:fs';", 'web knows no Node'],
    ['web/src/main.tsx', "import { Thread } from '../../src/host/thread.js';", 'web may not'],
    ['web/src/main.tsx', "import * as d3 from 'd3';", 'package d3'],
  ];
  it.each(refused)('%s: %s', (file, statement, why) => {
    expect(messages(importRules(at(file, statement)))).toEqual([expect.stringContaining(why)]);
  });

  it('allows what a layer sees', () => {
    const sample = at(
      'src/sim/client.ts',
      "import type { Lock } from '../algorithms/lock.js';",
      "import { mix } from '../random.js';",
      "import { World } from './world.js';",
    );
    expect(importRules(sample)).toEqual([]);
    const page = at(
      'web/src/main.tsx',
      "import { render } from 'preact';",
      "import { useState } from 'preact/hooks';",
      "import { scaleLinear } from 'd3-scale';",
      "import { settle } from '../../src/host/browser.js';",
      "import './style.css';",
      "import { App } from './app.js';",
    );
    expect(importRules(page)).toEqual([]);
  });

  it('knows every layer by its folder', () => {
    expect(layerOf('src/sim/world.ts')).toBe('sim');
    expect(layerOf('src/sim/servers/redis/server.ts')).toBe('servers');
    expect(layerOf('src/history.ts')).toBe('data');
    expect(layerOf('src/pipeline.ts')).toBe('pipeline');
    expect(layerOf('src/host/settle.ts')).toBe('host');
    expect(layerOf('src/host/browser-replay.ts')).toBe('browser');
    expect(layerOf('web/src/explore/lanes.tsx')).toBe('web');
    expect(layerOf('src/constructor/x.ts')).toBeUndefined();
  });

  it('resolves imports to the files they are compiled from', () => {
    expect(resolveImport('src/sim/world.ts', '../random.js')).toBe('src/random.ts');
    expect(resolveImport('scripts/a.mjs', './b.mjs')).toBe('scripts/b.mts');
  });
});

describe('dead files', () => {
  it('are those that no entry point leads to, even if they import each other', () => {
    const files = [
      at('src/index.ts', "import './a.js';"),
      at('src/a.ts', "export * from './b.js';"),
      at('src/b.ts', 'export const b = 1;'),
      at('src/x.ts', "import './y.js';"),
      at('src/y.ts', "import './x.js';"),
      at('src/platform.d.ts', 'declare const a: 1;'),
    ];
    const dead = unreached(files, ['src/index.ts']).map(({ path }) => path);
    expect(dead).toEqual(['src/x.ts', 'src/y.ts']);
  });

  it('are not components that a page imports, nor the workers it starts', () => {
    const files = [
      at('web/src/main.tsx', "import { App } from './app.js';"),
      at('web/src/app.tsx', "new Worker(new URL('./worker.ts', import.meta.url));", '<p />;'),
      at('web/src/worker.ts', ''),
      at('web/src/lost.tsx', ''),
    ];
    const dead = unreached(files, ['web/src/main.tsx']).map(({ path }) => path);
    expect(dead).toEqual(['web/src/lost.tsx']);
  });

  it('are not those whose path somebody has in quotes', () => {
    const files = [
      at('scripts/a.ts', "start('scripts/b.ts'); start('scripts/c/*.one.ts');"),
      at('scripts/b.ts', ''),
      at('scripts/c/x.one.ts', ''),
      at('scripts/c/x.two.ts', ''),
    ];
    const dead = unreached(files, ['scripts/a.ts']).map(({ path }) => path);
    expect(dead).toEqual(['scripts/c/x.two.ts']);
  });
});

describe('the ban list', () => {
  const banned: readonly (readonly [code: string, instead: string])[] = [
    ['const t = Date.now();', 'the clocks of the environment'],
    ['const t = performance.now();', 'the clocks of the environment'],
    ['setTimeout(() => {}, 1);', 'an event in the queue'],
    ['const r = Math.random();', 'a decision'],
    ['const r = Math.exp(1) ;', 'integers or a table'],
    ['const r = Math.pow(2, n);', 'integers or a table'],
    ['const r = 2 ** n;', 'multiplication, shifts or a table'],
    ['const s = a.localeCompare(b);', 'a comparison by code units'],
    ['const s = (1).toLocaleString();', 'template literals'],
    ['new Intl.Collator();', 'a comparison by code units'],
    ['new WeakRef(a);', 'collection is not deterministic'],
    ['new FinalizationRegistry(f);', 'collection is not deterministic'],
    ['a.sort();', 'a comparator'],
    ['const b = a.toSorted();', 'a comparator'],
    ['for (const k in a) f(k);', 'for…of over an array'],
    ['const s = x.toFixed(2);', 'integer arithmetic'],
    ['const s = error.stack;', 'the place that the host found'],
    ['globalThis.x = 1;', 'an argument'],
    ['const o = { Date };', 'the clocks of the environment'],
  ];
  it.each(banned)('%s', (code, instead) => {
    expect(messages(banList(core('const n = 1;', code)))).toEqual([
      expect.stringContaining(instead),
    ]);
  });

  it('points at the line', () => {
    expect(places(banList(core('', '', 'const t = Date.now();')))).toEqual([3]);
  });

  it('leaves alone what only looks like it', () => {
    const sample = core(
      '// Date.now() in a comment, Math.random() too',
      "const text = 'Date.now()';",
      'const a = [2, 1].sort((x, y) => x - y);',
      'const b = Math.floor(1.5) + Math.imul(2, 3);',
      'const c = 10n ** 3n;',
      'const d = { performance: 1, Date: 2 };',
      'const e = d.performance + d.Date;',
      'for (const x of a) f(x);',
    );
    expect(banList(sample)).toEqual([]);
  });
});

describe('the order of iteration in the kernel (D4)', () => {
  it('bans the keys of objects that came from outside', () => {
    const sample = core('function f(a: object) {', '  return Object.keys(a);', '}');
    expect(places(orderedKeys(sample))).toEqual([2]);
    expect(places(orderedKeys(core('Object.entries(f());')))).toEqual([1]);
  });

  it('allows those of an object that the file spells out', () => {
    const sample = core(
      'const KINDS = { a: 1 } as const;',
      'Object.keys(KINDS);',
      'Object.entries({ b: 2 });',
    );
    expect(orderedKeys(sample)).toEqual([]);
  });
});

describe('sizes', () => {
  const long = (count: number) => Array.from({ length: count }, (_, index) => `f(${index});`);

  it('counts the lines of a file, fewer for an interface and for the pipeline', () => {
    expect(fileLength(at('src/sim/a.ts', ...long(400)))).toEqual([]);
    expect(fileLength(at('src/sim/a.ts', ...long(401)))).toHaveLength(1);
    expect(fileLength(at('src/algorithms/lock.ts', ...long(121)))).toHaveLength(1);
    expect(fileLength(at('src/pipeline.ts', ...long(60)))).toEqual([]);
    expect(fileLength(at('src/pipeline.ts', ...long(61)))).toHaveLength(1);
  });

  it('counts columns as a reader does', () => {
    expect(lineWidth(core('‖'.repeat(100)))).toEqual([]);
    expect(places(lineWidth(core('', '‖'.repeat(101))))).toEqual([2]);
    expect(lineWidth(core(`test('${'R4 '.repeat(33)}', async () => {`))).toEqual([]);
  });

  it('counts the lines of every kind of function', () => {
    const body = long(69);
    const kinds = [
      ['function f() {', '}'],
      ['const f = () => {', '};'],
      ['const f = function () {', '};'],
      ['class A { f() {', '} }'],
      ["it('does', () => {", '});'],
    ] as const;
    for (const [head, tail] of kinds) {
      expect(functionLength(core(head, ...body, tail))).toHaveLength(1);
      expect(functionLength(core(head, ...body.slice(1), tail))).toEqual([]);
    }
  });

  it('does not count what is handed to describe', () => {
    const body = long(200);
    expect(functionLength(core("describe('x', () => {", ...body, '});'))).toEqual([]);
    expect(functionLength(core("describe.each([1])('x', () => {", ...body, '});'))).toEqual([]);
  });

  it('wants a header that says something', () => {
    expect(fileHeader(core('/** Why. */', 'f();'))).toEqual([]);
    expect(fileHeader(core('#!/usr/bin/env node', '/** Why. */'))).toEqual([]);
    expect(fileHeader(core("import 'a';", '/** Late. */'))).toHaveLength(1);
    expect(fileHeader(core('/** */', 'f();'))).toHaveLength(1);
    expect(fileHeader(core('// Why.', 'f();'))).toHaveLength(1);
  });

  it('takes the median', () => {
    const files = [1, 2, 300].map((count) => core(...long(count)));
    expect(medianLength(files)).toBe(2);
  });
});

describe('names', () => {
  const refused = [
    'interface A { ttl: number }',
    'interface A { readonly replyTimeout?: number }',
    'function f(delay: number) {}',
    'function f(delay = 5) {}',
    'const f = (startTime: number) => startTime;',
    'class A { latency = 3 }',
    'class A { constructor(private readonly drift: number) {} }',
    'const maxDuration = 10;',
  ];
  it.each(refused)('a number without a unit: %s', (code) => {
    expect(unitsLast(core(code))).toHaveLength(1);
  });

  it('a unit, or something that is no number, passes', () => {
    const sample = core(
      'interface A { ttlMs: number; delayUs: number; timeout: Timer }',
      "const delay = { class: 'delay' };",
      'const lifetimeMs = 3;',
    );
    expect(unitsLast(sample)).toEqual([]);
  });

  it('words with two meanings are refused where they are declared', () => {
    const refusals = [
      'const token = f();',
      'interface A { node: string }',
      'function f(timeout: Timer) {}',
      'const f = (token) => 1;',
    ];
    for (const code of refusals) expect(oneMeaning(core(code))).toHaveLength(1);
    expect(oneMeaning(core('const fencingToken = f(); g.token;'))).toEqual([]);
    expect(oneMeaning(at('src/sim/servers/redis/lua/x.ts', 'const token = 1;'))).toEqual([]);
  });
});

describe('the words of the project', () => {
  const refused = [
    ['see /ho', 'me/me/x'],
    ['cd /wo', 'rk/main'],
    ['https://regis', 'try.npmjs.org/x'],
    ['see ..', '/shared/x'],
    ['as DES', 'IGN.md says'],
    ['closes #', '12'],
    ['as req', 'uested'],
    ['// TO', 'DO later'],
  ] as const;
  it.each(refused)('%s%s', (start, end) => {
    expect(ownWords(core('', start + end)).map(({ line }) => line)).toEqual([2]);
  });

  it('allows citations and relative paths', () => {
    const sample = core(
      '// etcd-io/etcd#11457, #11460; README.md; ../sim/world.js; the first of 3',
      "const format = '%#0x'; // bad argument #2 to 'format'",
    );
    expect(ownWords(sample)).toEqual([]);
  });
});

describe('tests', () => {
  it.each(['it.skip', 'test.only', 'describe.todo', 'it.skipIf', 'test.runIf', 'it.fails'])(
    '%s is refused',
    (call) => {
      expect(allRun(core(`${call}('x', () => {});`))).toHaveLength(1);
    },
  );

  it('allows lists of cases, and members of other things', () => {
    expect(allRun(core("it.each([1])('x', () => {});", 'lane.skip();'))).toEqual([]);
  });

  it('reads the names of tests and groups, in lists too', () => {
    const sample = core(
      "describe('R3 class', () => {",
      "  it('R1: a', () => {});",
      '  it.each([1])(`D7: %s`, () => {});',
      "  test.prop([])('R10', () => {});",
      "  note('R5');",
      '});',
    );
    const names = testNames(sample);
    expect(untested(['R1', 'R3', 'R5', 'R10', 'D7'], names)).toEqual(['R5']);
  });
});

describe('exceptions', () => {
  it('excuse one kind of problem in one place', () => {
    const [exception] = EXCEPTIONS;
    const problem = { path: exception!.path, line: 3, message: `x ${exception!.message} y` };
    expect(excuses(exception!, problem)).toBe(true);
    expect(excuses(exception!, { ...problem, message: 'something else' })).toBe(false);
    expect(excuses(exception!, { ...problem, path: 'src/index.ts' })).toBe(false);
  });

  it('each has a reason', () => {
    for (const { reason } of EXCEPTIONS) expect(reason.length).toBeGreaterThan(20);
  });
});
