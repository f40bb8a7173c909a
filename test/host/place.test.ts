/** The place in the code under test, out of a stack (D8, D12). */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { locate, placedCall, placeOf } from '../../src/host/place.js';

const SOURCES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../src');

function withStack(...frames: readonly string[]): Error {
  const error = new Error('a test');
  error.stack = ['Error: a test', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

describe('the place of an error', () => {
  const TABLE: [string, string[], string | undefined][] = [
    ['a function of a lock file', ['acquire (/any/me/my-lock.ts:12:5)'], 'my-lock.ts:12'],
    ['a module, by its address', ['Object.acquire (file:///any/me/lock.mjs:3:9)'], 'lock.mjs:3'],
    ['an address with a query', ['file:///any/me/lock.ts?namespace=17:4:1'], 'lock.ts:4'],
    ['no function at all', ['/any/me/lock.cjs:7:3'], 'lock.cjs:7'],
    ['an async frame', ['async acquire (/any/me/lock.ts:5:1)'], 'lock.ts:5'],
    ['an async frame without a function', ['async /any/me/lock.ts:6:1'], 'lock.ts:6'],
    [
      'the innermost of several',
      [
        `Process.enter (${SOURCES}/sim/client.ts:1:1)`,
        'inner (/any/me/helper.ts:2:2)',
        'outer (/any/me/lock.ts:9:9)',
      ],
      'helper.ts:2',
    ],
    ['a built-in lock', [`acquire (${SOURCES}/algorithms/set-nx.ts:44:1)`], 'set-nx.ts:44'],
    ['the machinery alone', [`enter (${SOURCES}/sim/client.ts:1:1)`], undefined],
    ['a built-in workload', [`operate (${SOURCES}/workloads/critical-section.ts:3:1)`], undefined],
    ['Node alone', ['process.processTicksAndRejections (node:internal/process:95:5)'], undefined],
    ['the transpiler', ['load (/x/node_modules/tsx/dist/index.js:1:1)'], undefined],
    ['a folder with a space and a bracket', ['a (/any/m e/lock.ts:8:1)'], 'lock.ts:8'],
  ];

  test.each(TABLE)('is %s', (_what, frames, place) => {
    expect(placeOf(withStack(...frames))).toBe(place);
  });

  test('is none of what is not an error, or has no stack', () => {
    expect(placeOf('text')).toBeUndefined();
    expect(placeOf(undefined)).toBeUndefined();
    const bare = new Error('bare');
    delete (bare as { stack?: string }).stack;
    expect(placeOf(bare)).toBeUndefined();
  });
});

describe('D14 the call that is being made', () => {
  const sim = (frame: string) => `${frame} (${SOURCES}/sim/services/some.ts:1:1)`;
  const user = 'acquire (/any/me/lock.ts:12:5)';

  test.each([
    [['Process.enter', 'Process.readClock', 'SimEnvironment.monoMs'], 'monoMs'],
    [['Process.enter', 'SimRedisConnection.send', 'SimRedisConnection.call'], 'redis.call'],
    [['SimSection.takeStep', 'SimSection.write', 'Workload.act'], 'section.write'],
    [['SimPostgresClient.query'], 'postgres.query'],
    [['SimZooKeeperClient.connect'], 'zookeeper.connect'],
    [['Process.enter'], undefined],
  ])('D14 %s', (frames, name) => {
    const error = withStack(...frames.map(sim), user);
    expect(placedCall(error)).toEqual({ name, place: 'lock.ts:12' });
  });
});

describe('the place that is running', () => {
  test('is here', () => {
    expect(locate()).toMatch(/^place\.test\.ts:\d+$/);
  });

  test('is that of each call, however often it is asked', () => {
    const here = () => [locate(), locate()];
    const lines = [here(), here()].map((places) =>
      places.map((place) => Number(place!.replace('place.test.ts:', ''))),
    );
    const [first] = lines[0]!;
    expect(lines).toEqual([
      [first, first],
      [first, first],
    ]);
    expect(locate()).toBe(`place.test.ts:${first! + 9}`);
  });

  test('leaves alone how others want their stacks', () => {
    const before = Error.prepareStackTrace;
    const mine = () => 'mine';
    Error.prepareStackTrace = mine;
    try {
      locate();
      expect(Error.prepareStackTrace).toBe(mine);
    } finally {
      (Error as { prepareStackTrace: unknown }).prepareStackTrace = before;
    }
  });

  test('D12 is found while stacks are switched off, and leaves them so', () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      expect(locate()).toMatch(/^place\.test\.ts:\d+$/);
      expect(Error.stackTraceLimit).toBe(0);
    } finally {
      Error.stackTraceLimit = limit;
    }
  });
});
