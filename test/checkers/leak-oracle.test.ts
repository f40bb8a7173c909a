/** Leak against a second reading of docs/semantics.md, R9, of the life of one lease. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { leak } from '../../src/checkers/leak.js';
import { type Story, story } from './history-builder.js';
import { judge, RUNS } from './judging.js';
import { atEnd, expiry, extension, pending, request } from './leak-records.js';

/**
 * One lease on one server, by the instants of its life in ms. Each kind of event has a fraction of
 * its own, so that no two fall on one instant.
 */
interface Life {
  readonly appliedMs: number;
  readonly endMs: number | undefined;
  readonly ends: 'ok' | 'fail' | 'info';
  readonly enters: boolean;
  readonly leavesMs: number | undefined;
  readonly toldMs: number | undefined;
  readonly releasesMs: number | undefined;
  readonly releasedMs: number | undefined;
  readonly arrivesMs: number | undefined;
  readonly diesMs: number | undefined;
  readonly extendsMs: number | undefined;
  readonly closesMs: number | undefined;
  readonly cause: 'expired' | 'lost' | 'own' | 'foreign';
  readonly term: boolean;
  readonly left: 'request' | 'timer' | undefined;
}
const LIFE_TTL_MS = 8;
const END = 30;

const at = (fraction: number, max = 24) =>
  fc.option(
    fc.integer({ min: 3, max }).map((ms) => ms + fraction),
    { nil: undefined, freq: 2 },
  );
const lives: fc.Arbitrary<Life> = fc.record({
  appliedMs: fc.constantFrom(1.1, 4.1),
  endMs: fc.option(fc.constantFrom(2.2, 3.2), { nil: undefined, freq: 4 }),
  ends: fc.constantFrom('ok', 'ok', 'fail', 'info'),
  enters: fc.boolean(),
  leavesMs: at(0.3),
  toldMs: at(0.4),
  releasesMs: at(0.5, 12),
  releasedMs: at(0.6),
  arrivesMs: at(0.7),
  diesMs: at(0.8),
  extendsMs: at(0.85),
  closesMs: at(0.9),
  cause: fc.constantFrom('expired', 'expired', 'lost', 'own', 'foreign'),
  term: fc.boolean(),
  left: fc.constantFrom('request', 'timer', undefined, undefined),
});

/** Makes a life possible: nobody acts before the grant, outside the section, or after death. */
function possible(life: Life): Life {
  const living = (ms: number | undefined) =>
    ms !== undefined && life.diesMs !== undefined && ms > life.diesMs ? undefined : ms;
  const endMs = living(life.endMs);
  const granted = endMs !== undefined && life.ends === 'ok';
  const enters = granted && life.enters && living(3) !== undefined;
  const leavesMs = enters ? living(life.leavesMs) : undefined;
  const out = granted && (!enters || leavesMs !== undefined);
  const releasesMs =
    out && life.releasesMs !== undefined
      ? living(Math.max(life.releasesMs, (leavesMs ?? 0) + 0.2))
      : undefined;
  const after = (ms: number | undefined) =>
    releasesMs !== undefined && ms !== undefined && ms > releasesMs ? ms : undefined;
  const extendsMs = life.extendsMs !== undefined && life.extendsMs > 5 ? life.extendsMs : undefined;
  const lastMs = Math.max(life.appliedMs, extendsMs ?? 0);
  return {
    ...life,
    endMs,
    enters,
    leavesMs,
    toldMs: granted ? living(life.toldMs) : undefined,
    releasesMs,
    releasedMs: living(after(life.releasedMs)),
    arrivesMs: after(life.arrivesMs),
    extendsMs,
    closesMs: life.closesMs !== undefined && life.closesMs > lastMs ? life.closesMs : undefined,
  };
}

function tell(life: Life): Story {
  const told = story('A', 'B').ttl(LIFE_TTL_MS);
  told.acquire('B', 0, { on: [], ends: 'fail' });
  told.acquire('A', 0, {
    appliedMs: life.appliedMs,
    ackedMs: null,
    endMs: life.endMs ?? null,
    ends: life.ends,
    ...(!life.term && { term: 'none' }),
  });
  if (life.enters) told.enter('A', 3.25);
  if (life.leavesMs !== undefined) told.leave('A', Math.max(life.leavesMs, 3.26));
  if (life.toldMs !== undefined) told.told('A', life.toldMs);
  if (life.releasesMs !== undefined) {
    told.release('A', life.releasesMs, { on: [], endMs: life.releasedMs ?? null, ends: 'info' });
  }
  if (life.arrivesMs !== undefined) told.add(request(life.releasesMs!, life.arrivesMs));
  if (life.diesMs !== undefined) told.crash('A', life.diesMs);
  const closesBy = { own: { by: 'A' }, foreign: { by: 'B' }, expired: {}, lost: {} }[life.cause];
  const cause = { own: 'released', foreign: 'deleted', expired: 'expired', lost: 'lost' } as const;
  if (life.extendsMs !== undefined) {
    const termUs = life.term ? LIFE_TTL_MS * 1000 : 'none';
    told.add(extension(life.extendsMs, { termUs }));
    if (life.closesMs !== undefined) {
      const by = { own: 'A', foreign: 'B', expired: undefined, lost: undefined }[life.cause];
      const who = by && { by: { host: by, incarnation: 1, operation: `${by}1` } };
      told.add({ ...expiry(life.closesMs), cause: cause[life.cause], ...who });
    }
  } else if (life.closesMs !== undefined) {
    told.leaseEnd('A', life.closesMs, cause[life.cause], closesBy);
  }
  if (life.left !== undefined) {
    const left = life.left === 'request' ? pending(1, 0) : pending(0, 1);
    told.add(atEnd(left, END));
  }
  return told.end(END);
}

/** R9 read off the life, from the instant at which the lease ends backwards. */
function outcome(life: Life): 'valid' | 'until-ttl' | 'for-ever' {
  const thenMs = life.closesMs ?? END + 1;
  const by = (ms: number | undefined) => ms !== undefined && ms < thenMs;
  const alive = !by(life.diesMs);
  if (alive && life.enters && !by(life.leavesMs)) return 'valid';
  if (alive && life.releasesMs !== undefined && !by(life.releasedMs)) return 'valid';
  if (life.arrivesMs !== undefined && !by(life.arrivesMs)) return 'valid';
  if (life.closesMs !== undefined && life.cause === 'own') return 'valid';
  const gaveUp = [life.diesMs, life.toldMs, life.releasedMs, life.arrivesMs];
  if (life.ends !== 'ok') gaveUp.push(life.endMs);
  const orphanedMs = Math.max(...gaveUp.filter((ms) => by(ms)).map((ms) => ms!));
  if (orphanedMs === -Infinity) return 'valid';
  if (life.extendsMs !== undefined && life.extendsMs > orphanedMs) return 'for-ever';
  const left = life.left === 'request' || (life.left === 'timer' && alive);
  if (life.closesMs === undefined && left) return 'valid';
  if (!life.term) return 'for-ever';
  const aliveMs = (life.closesMs ?? END) - Math.max(orphanedMs, life.appliedMs);
  if (aliveMs > 2 * LIFE_TTL_MS) return 'for-ever';
  return life.closesMs !== undefined && life.cause === 'foreign' ? 'valid' : 'until-ttl';
}

const possibleLives = lives.map(possible);
const MANY = { ...RUNS, numRuns: 1_000 };

property.prop([possibleLives], MANY)(
  'R9 leak agrees with the rule read off the life of one lease',
  (life) => {
    const verdict = judge(leak, tell(life));
    expect(verdict.class ?? verdict.verdict).toBe(outcome(life));
  },
);

test('R9 both classes occur among those lives', () => {
  const seen = new Set(fc.sample(possibleLives, MANY).map(outcome));
  expect([...seen].sort()).toEqual(['for-ever', 'until-ttl', 'valid']);
});
