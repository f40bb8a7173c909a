/** Timelines: columns while there is room for them, a list where there is not. */
import { describe, expect, test } from 'vitest';
import { painter } from '../../src/cli/terminal.js';
import { hostsOf, timeline } from '../../src/cli/timeline.js';
import type { StoryRow } from '../../src/report.js';

const plain = painter({ colour: false });
const SERVERS = ['r1', 'r2', 'r3', 'r4', 'r5'];

const ROWS: readonly StoryRow[] = [
  {
    atUs: 0,
    host: 'A',
    kind: 'lease',
    operation: 'A1',
    text: 'acquire, TTL 10 s',
    servers: SERVERS,
  },
  { atUs: 2_000, host: 'A', kind: 'enter', operation: 'A1', text: 'enters its section' },
  {
    atUs: 3_000,
    host: 'A',
    kind: 'pause',
    text: 'paused 10.000 s inside its write',
    untilUs: 10_003_000,
    place: 'my-job.ts:31',
  },
  {
    atUs: 4_000,
    host: 'B',
    kind: 'fault',
    text: 'cut off from r1',
    untilUs: 9_000,
    servers: ['r1'],
  },
  {
    atUs: 10_000_500,
    host: 'r1',
    kind: 'lease-end',
    operation: 'A1',
    text: "A's lease expires",
    servers: SERVERS,
  },
  {
    atUs: 10_001_000,
    host: 'C',
    kind: 'lease',
    operation: 'C1',
    text: 'acquire, TTL 10 s',
    servers: ['r3', 'r4', 'r5'],
  },
  { atUs: 10_002_000, host: 'C', kind: 'enter', text: 'enters its section', mark: 'witness' },
  {
    atUs: 10_003_000,
    host: 'C',
    kind: 'step',
    text: 'its write leaves',
    mark: 'violation',
    place: 'a-very-long-file-name.ts:31',
  },
  { atUs: 10_004_000, host: 'store', kind: 'access', operation: 'C1', text: "accepts C's write" },
];

const at = (columns: number) => timeline(ROWS, columns, plain);

test('three clients, five servers and the resource fit in 80 columns', async () => {
  const lines = at(80);
  expect(lines[0]).toMatch(/client A +client B +client C +r1 r2 r3 r4 r5 +store$/);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/cli/timeline-80.txt');
});

test.each([40, 50, 60, 70, 79, 80, 81, 100, 110, 200])('no line is wider than %i', (columns) => {
  for (const line of at(columns)) expect([...line].length).toBeLessThanOrEqual(columns);
});

test('without room for columns it is a list that says who', async () => {
  const lines = at(50);
  expect(lines.join('\n')).toContain('A: enters its section');
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/cli/timeline-50.txt');
});

describe('columns', () => {
  const lineOf = (text: string) => at(100).find((line) => line.includes(text))!;
  const [header] = at(100) as [string];

  test('begin under their client', () => {
    const start = header.indexOf('client C');
    expect(lineOf('its write leaves').indexOf('its write leaves')).toBe(start);
  });

  test('show under each server whose lease it took, and that it ended', () => {
    const under = (line: string) => SERVERS.map((server) => line[header.indexOf(server)] ?? ' ');
    expect(under(lineOf('acquire'))).toEqual(['A', 'A', 'A', 'A', 'A']);
    expect(under(lineOf('expires'))).toEqual(['·', '·', '·', '·', '·']);
    expect(under(at(100).filter((line) => line.includes('acquire'))[1]!)).toEqual([
      ' ',
      ' ',
      'C',
      'C',
      'C',
    ]);
    expect(under(lineOf('cut off'))).toEqual(['!', ' ', ' ', ' ', ' ']);
  });

  test('mark the witness and the break', () => {
    expect(lineOf('10.002 s')).toMatch(/10\.002 s • /);
    expect(lineOf('10.003 s')).toMatch(/10\.003 s ✗ /);
  });

  test('give a fault its end, and a pause its bars', () => {
    expect(lineOf('cut off')).toContain('cut off from r1 until 9 ms');
    expect(lineOf('paused')).toContain('‖ paused');
  });
});

test('a server that only its number implies has a column', () => {
  const rows: StoryRow[] = [
    { atUs: 0, host: 'A', kind: 'lease', text: 'acquire', servers: ['r3'] },
  ];
  expect(hostsOf(rows)).toEqual({
    clients: ['A'],
    servers: ['r1', 'r2', 'r3'],
    resource: undefined,
  });
});
