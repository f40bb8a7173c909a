/** Which stories are shown, in which order: chosen by an address, and said in one. */
import { describe, expect, test } from 'vitest';
import {
  type Choice,
  choiceOf,
  chosen,
  columnsOf,
  named,
  parametersOf,
} from '../../../web/src/conformance/stories.js';
import { story } from '../../timeline/conformance/stories.js';

const late = (p95Us: number) => ({ steps: 1, medianUs: 0, p95Us, maxUs: p95Us });
const { timing: _timing, ...unmeasured } = story();

const STORIES = named([
  story({ id: 'pause', lock: 'set-nx', timing: late(22_000) }),
  {
    ...unmeasured,
    id: 'clock',
    lock: 'etcd-mutex',
    servers: ['e1'],
    environment: {},
    outcome: 'cannot-be-played',
    why: 'a clock',
    attempts: 1,
  },
  story({
    id: 'reader',
    lock: 'redlock',
    servers: ['r1', 'r2'],
    timing: late(9_000_000),
    outcome: 'not-reproduced',
    why: 'another reply',
    attempts: 3,
  }),
  story({
    id: 'early',
    lock: 'lease-lock',
    servers: ['e1'],
    timing: late(-900),
    attempts: 2,
    environment: { e1: 'etcd 3.4.23', node: 'v20' },
  }),
]);

const ids = (choice: Partial<Choice>) =>
  chosen(STORIES, { ...choiceOf(new URLSearchParams()), ...choice }).map(({ name }) => name);

describe('filters', () => {
  test('without one all are shown, as in the document', () => {
    expect(ids({})).toEqual(['pause', 'clock', 'reader', 'early']);
  });

  test('by server, by outcome, by both', () => {
    expect(ids({ server: 'redis' })).toEqual(['pause', 'reader']);
    expect(ids({ outcome: 'confirmed' })).toEqual(['pause', 'early']);
    expect(ids({ server: 'etcd', outcome: 'confirmed' })).toEqual(['early']);
    expect(ids({ server: 'zookeeper' })).toEqual([]);
  });
});

describe('orders', () => {
  test.each([
    ['scenario', ['clock', 'early', 'pause', 'reader']],
    ['lock', ['clock', 'early', 'reader', 'pause']],
    ['outcome', ['reader', 'clock', 'pause', 'early']],
    // What was not measured is not late: it comes after what was early.
    ['late', ['reader', 'pause', 'early', 'clock']],
    ['attempts', ['reader', 'early', 'pause', 'clock']],
  ] as const)('%s', (order, expected) => {
    expect(ids({ order })).toEqual(expected);
  });
});

describe('an address', () => {
  test.each([
    '',
    'server=etcd',
    'outcome=not-reproduced&sort=late',
    'server=redis&outcome=confirmed&sort=attempts&story=pause',
  ])('says what it said: %s', (query) => {
    const {
      server,
      outcome,
      sort,
      story: opened,
    } = parametersOf(choiceOf(new URLSearchParams(query)));
    const said = Object.entries({ server, outcome, sort, story: opened });
    const known = said.filter((entry): entry is [string, string] => entry[1] !== undefined);
    expect(new URLSearchParams(known).toString()).toBe(query);
  });

  test('with an order that is none means the order of the document', () => {
    expect(choiceOf(new URLSearchParams('sort=colour')).order).toBe('document');
  });
});

test('stories without a name of their own have the name of their lock, told apart', () => {
  const { id: _id, ...nameless } = story();
  const names = named([nameless, story({ id: 'x' }), nameless, nameless]).map(({ name }) => name);
  expect(names).toEqual(['set-nx', 'x', 'set-nx (2)', 'set-nx (3)']);
});

describe('columns', () => {
  test('are the services that stories are about, with every version that was met', () => {
    const stories = STORIES.map(({ story: one }) => one);
    const newer = story({ environment: { r1: 'redis 7.2.4' } });
    const mocked = story({ environment: { r1: 'ioredis-mock 8.13.1' } });
    expect(columnsOf([...stories, newer, newer, mocked])).toEqual([
      { service: 'redis', title: 'Redis', versions: ['7.0.15', '7.2.4', 'ioredis-mock 8.13.1'] },
      { service: 'etcd', title: 'etcd', versions: ['3.4.23'] },
    ]);
  });

  test('are there for stories that could not be played', () => {
    const clock = STORIES[1]!.story;
    expect(columnsOf([clock])).toEqual([{ service: 'etcd', title: 'etcd', versions: [] }]);
  });
});
