/**
 * The recorded sequences on ioredis-mock too: where it and the simulated Redis differ, who agrees
 * with the real server? (docs/decisions/0003-redis-is-a-model-of-our-own.md)
 */
import { afterEach, expect, it, vi } from 'vitest';
import type { GoldenSequence } from '../../../../scripts/record/redis/format.js';
import { resolveTime } from '../../../../scripts/record/redis/format.js';
import type { Reply } from '../../../../src/sim/servers/redis/reply.js';
import { agrees } from './compare.js';
import { expectedByClient, MockClients, toClient } from './mock-client.js';
import { readGolden, startOf, timingOf } from './replay.js';
import { World } from './world.js';

/** How many replies agree with the recording: of both, ours alone, the mock's alone, neither. */
interface Tally {
  both: number;
  oursOnly: number;
  mockOnly: number;
  neither: number;
}

afterEach(() => {
  vi.useRealTimers();
});

/** Every command is answered at once, and nothing else arrives. */
function isPlain({ steps }: GoldenSequence): boolean {
  return steps.every(
    ({ reply, pushes, close, waitMs }) =>
      (waitMs !== undefined || reply !== undefined) && pushes === undefined && close === undefined,
  );
}

function count(tally: Tally, ours: boolean, mocks: boolean): void {
  if (ours && mocks) tally.both += 1;
  else if (ours) tally.oursOnly += 1;
  else if (mocks) tally.mockOnly += 1;
  else tally.neither += 1;
}

/** Plays a sequence on both; the mock reads the faked clock of the process. */
async function play(sequence: GoldenSequence, name: string): Promise<Tally> {
  const tally: Tally = { both: 0, oursOnly: 0, mockOnly: 0, neither: 0 };
  const startMs = startOf(sequence);
  const timing = timingOf(sequence);
  const world = new World({}, startMs * 1000);
  const mocks = new MockClients(name);
  for (const { at, connection = 0, args, reply } of sequence.steps) {
    const nowMs = startMs + (at?.[0] ?? 0);
    world.pass(nowMs * 1000 - world.wallUs());
    vi.setSystemTime(nowMs);
    if (args === undefined || reply === undefined) continue;
    const expected = expectedByClient(reply);
    const resolved = args.map((arg) => resolveTime(arg, startMs));
    const agreesWith = (own: Reply) => agrees(expected, own, timing);
    const ours = agreesWith(toClient(world.on(connection, ...resolved)!));
    count(tally, ours, agreesWith(await mocks.call(connection, resolved)));
  }
  mocks.close();
  return tally;
}

it('ioredis-mock is never right where the simulated Redis is wrong', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const rows: ({ family: string; sequences: number; 'mock differs in': number } & Tally)[] = [];
  for (const { header, sequences } of readGolden()) {
    const plain = sequences.filter(isPlain);
    const row = { both: 0, oursOnly: 0, mockOnly: 0, neither: 0 };
    let differing = 0;
    for (const [index, sequence] of plain.entries()) {
      const tally = await play(sequence, `${header.family}-${index}`);
      if (tally.oursOnly > 0) differing += 1;
      row.both += tally.both;
      row.oursOnly += tally.oursOnly;
      row.mockOnly += tally.mockOnly;
      row.neither += tally.neither;
    }
    rows.push({
      family: header.family,
      sequences: plain.length,
      'mock differs in': differing,
      ...row,
    });
  }
  console.table(rows);
  const sum = (of: keyof Tally) => rows.reduce((total, row) => total + row[of], 0);
  expect(sum('both')).toBeGreaterThan(1000);
  expect(sum('mockOnly')).toBe(0);
  expect(sum('neither')).toBe(0);
});
