/** Promised ends and what a holder can know (docs/semantics.md, R1 and R3). */
import { describe, expect, test } from 'vitest';
import { knew } from '../../src/checkers/knowledge.js';
import { inTerm, promisedEnd } from '../../src/checkers/promised-end.js';
import { endOfInstant, indexHistory } from '../../src/checkers/sections.js';
import { type Story, story } from './history-builder.js';

const THREE = ['r1', 'r2', 'r3'] as const;
const ms = (value: number) => value * 1000;

/** The first grant of a story at the end of an instant. */
function at(told: Story, atMs: number) {
  const index = indexHistory(told.history());
  const grant = index.grants[0]!;
  const position = endOfInstant(index, ms(atMs));
  return {
    end: promisedEnd(index, grant, position).endUs / 1000,
    inTerm: inTerm(index, grant, position),
    knew: knew(index, grant, position),
  };
}

const held = () => story('A', 'B').ttl(100).acquire('A', 5);

describe('R1 promised end', () => {
  test('R1 counts the term asked for from the send, not from the application', () => {
    const told = story('A').ttl(100).acquire('A', 5, { sentMs: 6, appliedMs: 30, ackedMs: 40 });
    expect(at(told, 40).end).toBe(106);
  });

  test('R1 only leases acknowledged before the position count', () => {
    const told = held();
    expect(at(told, 5.9).end).toBe(Number.NEGATIVE_INFINITY);
    expect(at(told, 6).end).toBe(105);
  });

  test('R1 a renewal counts from the delivery of its reply', () => {
    const told = held().renew('A', 50, { ackedMs: 60 });
    expect(at(told, 59).end).toBe(105);
    expect(at(told, 60).end).toBe(150);
  });

  test('R1 a renewal whose reply was not delivered does not count', () => {
    expect(at(held().renew('A', 50, { ackedMs: null }), 90).end).toBe(105);
  });

  test('R1 the lease applied last counts, whichever reply came last, longer or shorter', () => {
    const told = held()
      .ttl(20)
      .renew('A', 10, { appliedMs: 11, ackedMs: 15 })
      .ttl(80)
      .renew('A', 10, { appliedMs: 10.5, ackedMs: 16 });
    expect(at(told, 16).end).toBe(30);
  });

  test('R1 a lease that the acquire itself gave back does not count', () => {
    const given = (atMs: number, by: 'A' | 'B') =>
      story('A', 'B')
        .servers(...THREE)
        .ttl(100)
        .acquire('A', 5, { endMs: 10 })
        .acquire('B', 6, { on: [], ends: 'fail' })
        .leaseEnd('A', atMs, 'deleted', { server: 'r1', by })
        .leaseEnd('A', atMs, 'deleted', { server: 'r2', by });
    expect(at(given(8, 'A'), 20).end).toBe(Number.NEGATIVE_INFINITY);
    // What is given back later, or taken away by somebody else, was promised.
    expect(at(given(12, 'A'), 20).end).toBe(105);
    expect(at(given(8, 'B'), 20).end).toBe(105);
  });

  test('R1 an acknowledged lease counts to its end even if the server loses it', () => {
    expect(at(held().leaseEnd('A', 20, 'lost'), 30).end).toBe(105);
    expect(at(held().leaseEnd('A', 20, 'expired'), 30).end).toBe(105);
  });

  test('R1 a lease without a term never ends', () => {
    const told = story('A').acquire('A', 0, { term: 'none' }).declares(allowing(0.5, 3));
    expect(at(told, 9_000_000)).toEqual({
      end: Number.POSITIVE_INFINITY,
      inTerm: true,
      knew: undefined,
    });
  });

  test('R1 a session lasts until the service ends it, and no other end counts', () => {
    const session = () => story('A').acquire('A', 0, { term: 'session' });
    const ended = session().leaseEnd('A', 50, 'session').add(crashOf('B', 60));
    expect(at(ended, 49)).toMatchObject({ end: Number.POSITIVE_INFINITY, inTerm: true });
    expect(at(ended, 50)).toMatchObject({ end: 50, inTerm: false });
    expect(at(session().leaseEnd('A', 50, 'lost'), 60).end).toBe(Number.POSITIVE_INFINITY);
  });

  test('R1 of five servers the third latest end counts', () => {
    const told = story('A').ttl(100).servers('r1', 'r2', 'r3', 'r4', 'r5').acquire('A', 0);
    for (const [server, atMs] of [
      ['r1', 10],
      ['r2', 20],
      ['r3', 30],
      ['r4', 40],
    ] as const) {
      told.renew('A', atMs, { on: [server] });
    }
    expect(at(told, 50).end).toBe(120);
  });

  test('R1 without a quorum it is over before it began', () => {
    const told = () =>
      story('A')
        .ttl(100)
        .servers(...THREE);
    const one = told().acquire('A', 0, { on: ['r2'] });
    expect(at(one, 5)).toEqual({
      end: Number.NEGATIVE_INFINITY,
      inTerm: false,
      knew: 'no-quorum',
    });
    expect(at(told().acquire('A', 0, { on: ['r1', 'r3'] }), 5).end).toBe(100);
  });

  test('R1 two leases at one server are one', () => {
    const told = story('A')
      .ttl(100)
      .servers(...THREE)
      .acquire('A', 0, { on: ['r1'] });
    expect(at(told.renew('A', 2, { on: ['r1'] }), 9).end).toBe(Number.NEGATIVE_INFINITY);
  });

  test('R1 the lock may declare another quorum', () => {
    const told = () =>
      story('A')
        .ttl(100)
        .servers(...THREE);
    expect(
      at(
        told()
          .declares({ quorum: 1 })
          .acquire('A', 0, { on: ['r2'] }),
        5,
      ).end,
    ).toBe(100);
    const all = told()
      .declares({ quorum: 3 })
      .acquire('A', 0, { on: ['r2', 'r1'] });
    expect(at(all, 5).end).toBe(Number.NEGATIVE_INFINITY);
  });

  test('R1 the declared drift allowance is taken off', () => {
    expect(at(held().declares(allowing(0.01, 2)), 10).end).toBe(105 - 1 - 2);
  });

  test('R1 of equal ends the lease applied first counts as the larger', () => {
    const told = story('A')
      .servers(...THREE)
      .declares(allowing(0.1, 0))
      .acquire('A', 0, { on: [] })
      .ttl(60)
      .renew('A', 40, { on: ['r1'] })
      .ttl(100)
      .renew('A', 0, { on: ['r2'], appliedMs: 50 });
    expect(at(told, 51).end).toBe(100 - 10);
  });

  test('R1 a request of another host never serves the grant', () => {
    const owner = { host: 'A', incarnation: 1, operation: 'A1' };
    const told = held()
      .add({
        ...{ type: 'lease', lease: 9, key: 'lock', server: 'r1', host: 'B', incarnation: 1 },
        ...{
          operation: 'B1',
          owner,
          atUs: ms(20),
          sentAtUs: ms(19),
          termUs: ms(500),
          extends: true,
        },
      } as const)
      .add({ type: 'acked', atUs: ms(21), lease: 9 });
    expect(at(told, 30).end).toBe(105);
  });

  test('R1 a lease without an owner serves the operation of its host, in that incarnation', () => {
    const lease = (incarnation: number, operation: string) =>
      held()
        .add({
          ...{ type: 'lease', lease: 9, key: 'lock', server: 'r1', host: 'A', incarnation },
          ...{ operation, atUs: ms(20), sentAtUs: ms(19), termUs: ms(500), extends: true },
        } as const)
        .add({ type: 'acked', atUs: ms(21), lease: 9 });
    expect(at(lease(1, 'A1'), 30).end).toBe(519);
    expect(at(lease(2, 'A1'), 30).end).toBe(105);
    expect(at(lease(1, 'A2'), 30).end).toBe(105);
  });

  test('R1 a late lease serves the operation that sent it, not the latest one', () => {
    const told = held()
      .acquire('A', 20, { on: [] })
      .renew('A', 21, { on: [] })
      .add({
        ...{ type: 'lease', lease: 9, key: 'lock', server: 'r1', host: 'A', incarnation: 1 },
        ...{ operation: 'A1', atUs: ms(30), sentAtUs: ms(19), termUs: ms(500), extends: true },
      } as const)
      .add({ type: 'acked', atUs: ms(31), lease: 9 });
    expect(at(told, 40).end).toBe(519);
  });

  test('R1 a lease serves the operation of its owner, whatever its host was doing', () => {
    const owner = { host: 'A', incarnation: 1, operation: 'A1' };
    const told = held()
      .acquire('A', 20, { on: [] })
      .add({
        ...{ type: 'lease', lease: 9, key: 'lock', server: 'r1', host: 'A', incarnation: 1 },
        ...{ operation: 'A2', owner, atUs: ms(30), sentAtUs: ms(29), termUs: ms(500) },
        extends: true,
      } as const)
      .add({ type: 'acked', atUs: ms(31), lease: 9 });
    expect(at(told, 40).end).toBe(529);
  });
});

describe('R1 in term', () => {
  test('R1 up to the promised end, not at it', () => {
    expect(at(held(), 104.999).inTerm).toBe(true);
    expect(at(held(), 105).inTerm).toBe(false);
  });

  test('R1 not once it has sent its release or been told', () => {
    expect(at(held().release('A', 20), 19.9).inTerm).toBe(true);
    expect(at(held().release('A', 20), 20).inTerm).toBe(false);
    expect(at(held().told('A', 20), 19.9).inTerm).toBe(true);
    expect(at(held().told('A', 20), 20).inTerm).toBe(false);
  });

  test('R1 told and released once is enough: the first time counts', () => {
    expect(at(held().told('A', 20).told('A', 40), 30)).toMatchObject({
      inTerm: false,
      knew: 'told',
    });
    const twice = held().release('A', 20).release('A', 40);
    expect(at(twice, 30)).toMatchObject({ inTerm: false, knew: 'release-sent' });
  });
});

describe('R3 knew', () => {
  test('R3 by its monotonic clock, at the end of the term and not before', () => {
    expect(at(held(), 104.999).knew).toBeUndefined();
    expect(at(held(), 105).knew).toBe('clock');
  });

  test('R3 by the monotonic clock of its own host, which may be slow', () => {
    const slow = held().clock('A', 'mono', 0, 0, -500_000);
    expect(at(slow, 204).knew).toBeUndefined();
    expect(at(slow, 205).knew).toBe('clock');
    expect(at(held().clock('B', 'mono', 0, 0, -500_000), 105).knew).toBe('clock');
  });

  test('R3 a wall clock never excuses', () => {
    expect(at(held().clock('A', 'wall', 0, 0, -500_000), 105).knew).toBe('clock');
  });

  test('R3 the declared allowance brings the local deadline forward', () => {
    const allowed = held().declares(allowing(0.01, 2));
    expect(at(allowed, 101.999).knew).toBeUndefined();
    expect(at(allowed, 102).knew).toBe('clock');
  });

  test('R3 by being told and by its own release, from that instant on', () => {
    expect(at(held().told('A', 20), 19.9).knew).toBeUndefined();
    expect(at(held().told('A', 20), 20).knew).toBe('told');
    expect(at(held().release('A', 20), 19.9).knew).toBeUndefined();
    expect(at(held().release('A', 20), 20).knew).toBe('release-sent');
  });

  test('R3 by a message that says lost, of this operation', () => {
    const told = held().lossDelivered('A', 20);
    expect(at(told, 19.9).knew).toBeUndefined();
    expect(at(told, 20).knew).toBe('loss-delivered');
    const other = held().acquire('A', 10, { on: [] }).lossDelivered('A', 20);
    expect(at(other, 30).knew).toBeUndefined();
  });

  test('R3 a session ends silently until the message is delivered', () => {
    const told = story('A')
      .acquire('A', 0, { term: 'session' })
      .leaseEnd('A', 20, 'session')
      .lossDelivered('A', 30);
    expect(at(told, 29.9).knew).toBeUndefined();
    expect(at(told, 30).knew).toBe('loss-delivered');
  });

  test('R3 of three servers two must say lost, each of them once', () => {
    const told = story('A')
      .ttl(100)
      .servers(...THREE)
      .acquire('A', 0);
    told.lossDelivered('A', 20, { server: 'r1' }).lossDelivered('A', 21, { server: 'r1' });
    expect(at(told, 25).knew).toBeUndefined();
    expect(at(told.lossDelivered('A', 30, { server: 'r3' }), 29).knew).toBeUndefined();
    expect(at(told, 30).knew).toBe('loss-delivered');
  });

  test('R3 a lease acknowledged later takes the word of its server back', () => {
    const told = held().lossDelivered('A', 20).renew('A', 30, { ackedMs: 31, extends: false });
    expect(at(told, 30.9).knew).toBe('loss-delivered');
    expect(at(told, 31).knew).toBeUndefined();
    const elsewhere = story('A').ttl(100).servers('r1', 'r2').acquire('A', 0);
    elsewhere.lossDelivered('A', 20, { server: 'r1' }).renew('A', 30, { on: ['r2'] });
    expect(at(elsewhere, 40).knew).toBe('loss-delivered');
  });
});

function allowing(ratio: number, constantMs: number) {
  return { driftAllowance: { ratio, constantMs } };
}

function crashOf(host: string, atMs: number) {
  return { type: 'host', atUs: ms(atMs), host, incarnation: 1, state: 'dead' } as const;
}
