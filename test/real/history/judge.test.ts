/** Hand-made runs on one Redis: what is judged where the bounds of requests leave it open (R0). */
import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../../src/history.js';
import { judge, realRunOf } from '../../../src/real/history/judge.js';
import type { WireRequest } from '../../../src/real/history/wire.js';

const TTL_MS = 1_000;
const MS = 1_000;

const scenario = {
  algorithm: 'set-nx',
  options: {},
  workload: 'critical-section',
  key: 'k',
  ttlMs: TTL_MS,
  waitMs: 0,
  longestSectionUs: 500 * MS,
  servers: [{ id: 'r1', persistence: 'everysec', replicaLagUs: [0] }],
  clients: [
    { id: 'A', operations: [] },
    { id: 'B', operations: [] },
  ],
  faults: [],
} as const;

const world = {
  key: 'k',
  ttlMs: TTL_MS,
  waitMs: 0,
  clients: ['A', 'B'],
  servers: ['r1'],
  probe: 'P',
  declares: {},
  fenced: false,
  invariants: [],
  longestLatencyUs: 1 * MS,
  longestSectionUs: 500 * MS,
  longestRetryUs: 0,
  largestClockStepUs: 0,
} as const;

type Bounds = readonly [earliestMs: number, latestMs: number];

/** A request for the key that the server granted, applied within these bounds. */
function granted(client: 'A' | 'B', [earliestMs, latestMs]: Bounds): WireRequest {
  const ownerId = `${client}1-token`;
  const body = ['SET', 'k', ownerId, 'NX', 'PX', String(TTL_MS)];
  return {
    client,
    incarnation: 1,
    server: 'r1',
    connection: client === 'A' ? 1 : 2,
    text: body.join(' '),
    pooler: undefined,
    body,
    refused: undefined,
    operation: `${client}1`,
    action: 'acquire',
    sentAtUs: earliestMs * MS,
    earliestUs: earliestMs * MS,
    latestUs: latestMs * MS,
    reply: 'OK',
    deliveredAtUs: latestMs * MS,
  };
}

/** It acquires, and is inside from then to the end of its section. */
function section(client: 'A' | 'B', fromMs: number, okMs: number, exitMs: number): HistoryRecord[] {
  const [call, operation] = [client === 'A' ? 1 : 2, `${client}1`] as const;
  const of = { call, client, operation, action: 'acquire' } as const;
  const key = { key: 'k', mode: 'exclusive' } as const;
  const asked = { incarnation: 1, waitMs: 0, ttlMs: TTL_MS };
  const given = { ownerId: `${client}1-token`, push: false, pull: false };
  const okUs = okMs * MS;
  const exitUs = exitMs * MS;
  const inside = { grant: call, client };
  const act = { ...inside, incarnation: 1, operation, ...key };
  return [
    { type: 'invoke', atUs: fromMs * MS, ...of, ...key, ...asked },
    { type: 'ok', atUs: okUs, ...of, ...given },
    { type: 'enter', atUs: okUs, calledAtUs: okUs, ...act },
    { type: 'exit', atUs: exitUs, calledAtUs: exitUs, ...inside, completed: true },
  ];
}

/** Any request, with what the server answered. */
function asked(client: 'A' | 'B', body: string[], bounds: Bounds, reply: string): WireRequest {
  return { ...granted(client, bounds), body, text: body.join(' '), reply };
}

function judged(
  wire: readonly WireRequest[],
  records: readonly HistoryRecord[],
  endedAtMs = 3_000,
  replicaLagUs: readonly number[] = [0],
) {
  const endedAtUs = endedAtMs * MS;
  const at = { startedAtWallUs: 0, healedAtUs: endedAtUs, endedAtUs };
  const occasion = { countingOthers: new Set<string>(), ...at };
  const heard = { records, wire, events: [], issued: [] };
  const servers = [{ ...scenario.servers[0], replicaLagUs }];
  const played = { scenario: { ...scenario, servers }, schema: undefined, world };
  return judge(realRunOf(played, occasion, heard));
}

async function overlap(wire: readonly WireRequest[], records: readonly HistoryRecord[]) {
  const { properties } = await judged(wire, records);
  return properties.find(({ property }) => property === 'mutual-exclusion');
}

describe('R0 a real run', () => {
  it('is valid where nobody overlaps', async () => {
    const wire = [granted('A', [0, 2]), granted('B', [1_200, 1_202])];
    const records = [...section('A', 0, 2, 400), ...section('B', 1_200, 1_202, 1_600)];
    expect(await overlap(wire, records)).toMatchObject({ verdict: 'valid' });
  });

  it('is invalid where two are inside whatever the bounds', async () => {
    const wire = [granted('A', [0, 2]), granted('B', [1_200, 1_202])];
    const records = [...section('A', 0, 2, 1_500), ...section('B', 1_200, 1_202, 1_600)];
    const found = await overlap(wire, records);
    expect(found).toMatchObject({ verdict: 'invalid', class: 'stale-belief' });
    expect(found!.witness).not.toEqual([]);
  });

  it('has no class of an overlap, R1, where the keys do not name the lock', async () => {
    const hashed = (client: 'A' | 'B', bounds: Bounds) =>
      asked(client, ['SET', client, `${client}1-token`, 'PX', String(TTL_MS)], bounds, 'OK');
    const wire = [hashed('A', [0, 2]), hashed('B', [200, 202])];
    const records = [...section('A', 0, 2, 400), ...section('B', 200, 202, 600)];
    const { properties } = await judged(wire, records);
    const of = (name: string) => properties.find(({ property }) => property === name);
    expect(of('mutual-exclusion')).toMatchObject({ verdict: 'invalid', cause: 'leases-unseen' });
    expect(of('leak')).toMatchObject({ verdict: 'unknown' });
    expect(of('leak')!.reason).toContain('it wrote A on r1');
  });

  it('names what a server answered and its model does not', async () => {
    const wire = [granted('A', [0, 2]), granted('B', [600, 602])];
    const records = [...section('A', 0, 2, 400), ...section('B', 600, 602, 700)];
    const { differences } = await judged(wire, records);
    expect(differences).toEqual(['r1 answered B OK, the model (nil): SET k B1-token NX PX 1000']);
  });

  /** A deletes the key, whoever has it, while its own lease ends and B is granted the lock. */
  async function blindDelete(bounds: Bounds) {
    const body = ['DEL', 'k'];
    const [earliestMs, latestMs] = bounds;
    const release: WireRequest = {
      ...granted('A', bounds),
      text: body.join(' '),
      body,
      action: 'release',
      sentAtUs: 890 * MS,
      earliestUs: earliestMs * MS,
      latestUs: latestMs * MS,
      reply: '(integer) 1',
    };
    const wire = [granted('A', [0, 2]), granted('B', [1_010, 1_012]), release];
    const records = [...section('A', 0, 2, 880), ...section('B', 1_010, 1_012, 1_020)];
    const { properties, differences } = await judged(wire, records);
    expect(differences).toEqual([]);
    return properties.find(({ property }) => property === 'ownership');
  }

  it('is invalid where every place within the bounds says so', async () => {
    expect(await blindDelete([1_050, 1_200])).toMatchObject({ verdict: 'invalid' });
  });

  it('is in doubt where one place within the bounds does not', async () => {
    const reason = 'broken or not: it depends on when a server did what';
    expect(await blindDelete([900, 1_200])).toMatchObject({ verdict: 'unknown', reason });
  });

  it('takes a WAIT to have ended when it did: replicas speak up when no model can know', async () => {
    const wire = [
      granted('A', [0, 2]),
      asked('A', ['WAIT', '1', '0'], [3, 110], '(integer) 1'),
      asked('A', ['DEL', 'k'], [120, 122], '(integer) 1'),
      granted('B', [130, 132]),
    ];
    const { differences } = await judged(wire, [], 3_000, [300 * MS]);
    expect(differences).toEqual([]);
  });
});
