/** Built-in workloads are careful holders: they look before each act (R15). */
import { describe, expect, test } from 'vitest';
import { locks } from '../src/algorithms/index.js';
import setNx from '../src/algorithms/set-nx.js';
import { findSubject } from '../src/host/session.js';
import { seedKey } from '../src/random.js';
import { campaign } from '../src/search/campaign.js';
import { generate } from '../src/search/generate.js';
import { resolvePlan } from '../src/search/plan.js';
import { SeededDecisions } from '../src/sim/decisions.js';
import type { ViolationClass } from '../src/verdict.js';
import { criticalSection } from '../src/workloads/critical-section.js';
import { workloads } from '../src/workloads/index.js';
import { metadataRecovery } from '../src/workloads/metadata-recovery.js';
import {
  carelessly,
  type Section,
  type Workload,
  type WorkloadClient,
} from '../src/workloads/workload.js';
import { PLAIN_OPERATION } from './plain-operation.js';
import { portFor } from './search/port.js';

const RUNS = 400;

/** The classes of overlap that a campaign under pauses finds with this workload. */
async function overlaps(workload: Workload): Promise<Set<ViolationClass | undefined>> {
  const plan = resolvePlan(setNx, { workload: workload.name, set: {}, faultClasses: ['pause'] });
  const result = await campaign(
    setNx,
    { plan, key: seedKey('15'), runs: RUNS, strict: true, bail: false, doubleEvery: RUNS },
    portFor(setNx, { workload }),
    () => {},
  );
  return new Set(
    result.violations
      .filter(({ verdict }) => verdict.property === 'mutual-exclusion')
      .map(({ verdict }) => verdict.class),
  );
}

describe('R15 a holder', () => {
  test('R15 that looks before each act overlaps only where nobody could know', async () => {
    expect(await overlaps(criticalSection)).toEqual(new Set(['inherent-overlap']));
  });

  test('R15 that never looks acts although it could have known', async () => {
    expect(await overlaps(carelessly(criticalSection, 'careless'))).toContain('stale-belief');
  });

  test('R15 the default section lasts at most half the TTL', () => {
    const plan = resolvePlan(setNx, { workload: 'critical-section', set: {}, ttlMs: 4_000 });
    expect(plan.sectionMsMax).toBe(2_000);
    const longer = resolvePlan(setNx, { workload: 'critical-section', set: { sectionMs: '9000' } });
    expect(longer.sectionMsMax).toBe(9_000);
  });

  test('R10 a workload of several sections stays inside for as long as all of them', () => {
    const plan = resolvePlan(setNx, { workload: 'metadata-recovery', set: {}, sectionsEach: 6 });
    expect(plan.sectionMsMax).toBe(5_000);
    expect(generate(plan, new SeededDecisions(seedKey('1'))).longestSectionUs).toBe(30_000_000);
  });

  test('R13 a flaw is shown by a workload that there is', () => {
    const names = workloads.map(({ name }) => name);
    for (const { flaw } of locks) expect(names).toContain(flaw?.workload ?? 'critical-section');
  });

  test('R13 a lock runs under the workload that shows its flaw, unless another is asked for', async () => {
    const lock = { name: 'ucloud-best-effort-60' };
    expect((await findSubject(lock, undefined)).workload).toBe(metadataRecovery);
    expect((await findSubject(lock, 'careless')).workload).toMatchObject({ careless: true });
    expect((await findSubject({ name: 'set-nx' }, undefined)).workload).toBe(criticalSection);
  });

  test('workloads have names of their own', () => {
    expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length);
  });
});

/** Plays one operation with a lock that answers as it is told, and writes down what was done. */
async function played(answers: (boolean | undefined)[], holds = () => true): Promise<string[]> {
  const done: string[] = [];
  const section: Section = {
    holds,
    enter: () => void done.push('enter'),
    read: async () => {
      done.push('read');
      return 4;
    },
    write: async (value) => {
      done.push(`write ${value}`);
      return true;
    },
    step: () => {},
    wait: async (us) => void done.push(`work ${us}`),
    renew: async () => {
      done.push('renew');
      return answers.shift();
    },
  };
  const grant = { granted: true, release: async () => true } as const;
  const client: WorkloadClient = {
    key: 'orders',
    ttlMs: 60_000,
    waitMs: 0,
    sharesToo: false,
    wait: async () => true,
    random: () => 0,
    acquire: async () => grant,
    hold: async (_grant, body) => void done.push(String(await body(section))),
    forget: async () => {},
  };
  await metadataRecovery.operation(client, {
    id: 'A1',
    gapUs: 0,
    sectionUs: 500,
    ...PLAIN_OPERATION,
  });
  return done;
}

const ROUND = ['read', 'work 500', 'write 5', 'renew'];

describe('metadata-recovery', () => {
  test('works round after round as long as renewals say yes, and then ends', async () => {
    const rounds = Array.from({ length: 6 }, () => ROUND).flat();
    expect(await played(Array(6).fill(true))).toEqual(['enter', ...rounds, 'true']);
  });

  test.each([false, undefined])('stops when a renewal answers %s: the lock is lost', async (no) => {
    expect(await played([true, no])).toEqual(['enter', ...ROUND, ...ROUND, 'false']);
  });

  test('R15 looks before each act, where the lock has something to look at', async () => {
    const looks = [true, true, false];
    expect(await played([true], () => looks.shift() ?? false)).toEqual([
      'enter',
      'read',
      'work 500',
      'false',
    ]);
  });

  test('R15 overlaps only where nobody could know, with a lock that is sound', async () => {
    expect(await overlaps(metadataRecovery)).toEqual(new Set(['inherent-overlap']));
  });
});
