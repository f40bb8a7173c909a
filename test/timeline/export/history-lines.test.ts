/** History lines: what readers of Jepsen's histories rely on. */
import { describe, expect, test } from 'vitest';
import { historyLines } from '../../../src/timeline/export/history-lines.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { traceFile } from '../../../src/timeline/write.js';
import { type Story, story } from '../../checkers/history-builder.js';
import { traceOf } from '../../story/telling.js';
import { storyFiles } from '../files.js';
import { grouped } from '../grouped.js';

interface Line {
  readonly index: number;
  readonly type: string;
  readonly process: number;
  readonly f: string;
  readonly time: number;
  readonly value: unknown;
  readonly error?: unknown;
}

const linesOf = (told: Story): string[] => {
  const model = new TraceModel(traceFile({ ...traceOf(told), digest: 'd' }, [], '0.1.0'));
  return historyLines(model).split('\n').slice(0, -1);
};
const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Line);

test('a call and its end, field by field', () => {
  expect(linesOf(story('A', 'B').acquire('B', 2, { fencingToken: 33, waitMs: 500 }))).toEqual([
    '{"index":0,"type":"invoke","process":1,"f":"acquire","time":2000000,' +
      '"value":{"key":"lock","mode":"exclusive","ttlMs":10000,"waitMs":500},' +
      '"client":"B","operation":"B1"}',
    '{"index":1,"type":"ok","process":1,"f":"acquire","time":3000000,' +
      '"value":{"ownerId":"owner of B1","fencingToken":33},"client":"B","operation":"B1"}',
  ]);
});

test('a time of a year stays exact to the nanosecond', () => {
  const [line] = linesOf(story('A').acquire('A', 31_536_000_000.001));
  expect(line).toContain('"time":31536000000001000,');
});

describe('processes', () => {
  const shown = (told: Story) =>
    parsed(linesOf(told)).map(({ type, process, f }) => `${process} ${type} ${f}`);

  test('are clients, the probe last, and keep their number through ok and fail', () => {
    const told = story('A', 'B')
      .acquire('A', 0)
      .release('A', 5)
      .acquire('B', 10, { ends: 'fail', on: [] })
      .acquire('B', 20)
      .add({
        type: 'invoke',
        atUs: 90_000,
        call: 99,
        client: 'P',
        incarnation: 1,
        operation: 'P1',
        action: 'acquire',
        key: 'lock',
        mode: 'exclusive',
        waitMs: null,
      });
    expect(shown(told)).toEqual([
      '0 invoke acquire',
      '0 ok acquire',
      '0 invoke release',
      '0 ok release',
      '1 invoke acquire',
      '1 fail acquire',
      '1 invoke acquire',
      '1 ok acquire',
      '2 invoke acquire',
    ]);
  });

  test('are over with an info: the client goes on as another', () => {
    const told = story('A', 'B')
      .acquire('A', 0, { ends: 'info' })
      .acquire('B', 10)
      .acquire('A', 20, { ends: 'info' })
      .acquire('A', 30);
    expect(shown(told)).toEqual([
      '0 invoke acquire',
      '0 info acquire',
      '1 invoke acquire',
      '1 ok acquire',
      '3 invoke acquire',
      '3 info acquire',
      '6 invoke acquire',
      '6 ok acquire',
    ]);
  });
});

test('why not stands in error', () => {
  const told = story('A').acquire('A', 0, { ends: 'fail' });
  expect(parsed(linesOf(told))[1]).toMatchObject({ type: 'fail', value: null, error: null });
});

test('of every story: numbered from 0, in order, and each process does one thing at a time', () => {
  for (const file of storyFiles()) {
    const lines = parsed(historyLines(new TraceModel(file)).split('\n').slice(0, -1));
    expect(lines.map(({ index }) => index)).toEqual(lines.map((_line, at) => at));
    const times = lines.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const own of grouped(lines, ({ process }) => process)) {
      own.forEach(({ type, f }, at) => {
        const before = own[at - 1];
        if (type === 'invoke') expect([undefined, 'ok', 'fail']).toContain(before?.type);
        else expect(before).toMatchObject({ type: 'invoke', f });
      });
    }
  }
});
