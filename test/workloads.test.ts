/** Built-in workloads are careful holders: they look before each act (R15). */
import { describe, expect, test } from 'vitest';
import { locks } from '../src/algorithms/index.js';
import setNx from '../src/algorithms/set-nx.js';
import { findSubject } from '../src/host/session.js';
import type { OperationPlan } from '../src/scenario.js';
import { campaign } from '../src/search/campaign.js';
import { generate } from '../src/search/generate.js';
import { resolvePlan } from '../src/search/plan.js';
import { seedKey } from '../src/seed-key.js';
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

/** What no operation here does. */
const elsewhere: Pick<WorkloadClient, 'wait' | 'random' | 'forget'> = {
  wait: async () => true,
  random: () => 0,
  forget: async () => {},
};

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
    ...elsewhere,
    sharesToo: false,
    wait: async (us) => {
      done.push(`wait ${us}`);
      return true;
    },
    random: () => 0.5,
    acquire: async () => grant,
    hold: async (_grant, body) => void done.push(String(await body(section))),
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
/** 15 s, and half of the random 5 s. */
const WAIT = 'wait 17500000';

describe('metadata-recovery', () => {
  test('works round after round as long as renewals say yes, and then ends', async () => {
    const rounds = Array.from({ length: 6 }, () => ROUND).flat();
    expect(await played(Array(6).fill(true))).toEqual(['enter', ...rounds, 'true', WAIT]);
  });

  test.each([false, undefined])('stops when a renewal answers %s: the lock is lost', async (no) => {
    expect(await played([true, no])).toEqual(['enter', ...ROUND, ...ROUND, 'false', WAIT]);
  });

  test('R15 looks before each act, where the lock has something to look at', async () => {
    const looks = [true, true, false];
    expect(await played([true], () => looks.shift() ?? false)).toEqual([
      'enter',
      'read',
      'work 500',
      'false',
      WAIT,
    ]);
  });

  test('R15 overlaps only where nobody could know, with a lock that is sound', async () => {
    expect(await overlaps(metadataRecovery)).toEqual(new Set(['inherent-overlap']));
  });
});

/** Plays one operation of the default workload with a lock that grants whatever is asked. */
async function worked(plan: Partial<OperationPlan>, sharesToo = false, grantsAgain = true) {
  const done: string[] = [];
  const sectionOf = (name: string): Section => ({
    holds: () => true,
    enter: () => void done.push(`enter${name}`),
    read: async () => done.push('read'),
    write: async () => done.push('write') > 0,
    step: () => {},
    wait: async (us) => void done.push(`work${name} ${us}`),
    renew: async () => done.push('renew') > 0,
  });
  const grant = { granted: true, release: async () => true } as const;
  let depth = 0;
  const client: WorkloadClient = {
    key: 'orders',
    ttlMs: 60_000,
    waitMs: 0,
    ...elsewhere,
    sharesToo,
    acquire: async (mode) => {
      done.push(depth === 0 ? 'acquire' : `acquire again ${mode}`);
      return depth === 0 || grantsAgain ? grant : { granted: false, reason: 'held' };
    },
    hold: async (_grant, body) => {
      const name = depth === 0 ? '' : ' again';
      depth++;
      done.push(`${await body(sectionOf(name))}${name}`);
      depth--;
    },
    wait: async () => true,
    random: () => 0,
    forget: async () => {},
  };
  const base = { id: 'A1', gapUs: 0, sectionUs: 800, ...PLAIN_OPERATION };
  await criticalSection.operation(client, { ...base, ...plan });
  return done.join(', ');
}

describe('the default workload', () => {
  test('R15 reads, works, and writes', async () => {
    expect(await worked({})).toBe('acquire, enter, read, work 800, write, true');
    expect(await worked({ renew: true })).toBe(
      'acquire, enter, read, work 400, renew, work 400, write, true',
    );
  });

  test('R17 writes nothing in shared mode', async () => {
    expect(await worked({ mode: 'shared' }, true)).toBe(
      'acquire, enter, read, work 800, read, true',
    );
  });

  test('R19 acquires again inside, and gives that back before it goes on', async () => {
    const again = 'acquire again exclusive, enter again, work again 200, true again';
    expect(await worked({ nested: true })).toBe(
      `acquire, enter, read, work 400, ${again}, work 200, write, true`,
    );
  });

  test('R17 R19 a writer acquires again to write, and to read; a reader only to read', async () => {
    const again = (mode: string, us: number) =>
      `acquire again ${mode}, enter again, work again ${us}, true again`;
    expect(await worked({ nested: true }, true)).toContain(
      `work 400, ${again('exclusive', 100)}, ${again('shared', 100)}, work 200`,
    );
    expect(await worked({ nested: true, mode: 'shared' }, true)).toContain(
      `work 400, ${again('shared', 200)}, work 200, read`,
    );
  });

  test('R19 leaves if it is refused what it holds', async () => {
    expect(await worked({ nested: true }, false, false)).toBe(
      'acquire, enter, read, work 400, acquire again exclusive, false',
    );
  });
});
