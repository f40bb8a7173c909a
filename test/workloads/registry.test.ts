/** Workloads by name, careless holders among them, and what a workload needs of a lock. */
import { describe, expect, test } from 'vitest';
import noTtl from '../../src/algorithms/flawed/no-ttl.js';
import notesNaive from '../../src/algorithms/flawed/notes-naive.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import { prepare, refuseUnable } from '../../src/host/session.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import { workloadNamed, workloadNames, workloads } from '../../src/workloads/index.js';
import { ticketSeats } from '../../src/workloads/ticket-seats.js';

describe('workloadNamed', () => {
  test('finds each workload by its name', () => {
    for (const workload of workloads)
      expect(workloadNamed(workloads, workload.name)).toBe(workload);
  });

  test('makes careless holders of each, and of the default one under the name careless', () => {
    expect(workloadNamed(workloads, 'careless-ticket-seats')).toEqual({
      ...ticketSeats,
      name: 'careless-ticket-seats',
      careless: true,
    });
    expect(workloadNamed(workloads, 'careless')).toEqual({
      ...criticalSection,
      name: 'careless',
      careless: true,
    });
  });

  test('knows no other name', () => {
    expect(workloadNamed(workloads, 'careless-')).toBeUndefined();
    expect(workloadNamed(workloads, 'ticket')).toBeUndefined();
  });

  test('every name leads to a workload of that name', () => {
    const names = workloadNames(workloads);
    expect(names).toContain('careless-payment');
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(workloadNamed(workloads, name)?.name).toBe(name);
  });
});

describe('what a workload needs', () => {
  const refusal = async (lock: LockAlgorithm, workload: string) => {
    const { subject, plan } = await prepare({
      lock: { name: lock.name },
      runs: 1,
      seed: 1,
      set: {},
      workload,
      strict: false,
      perClass: false,
      bail: false,
      ownBudget: false,
    });
    return refuseUnable(subject, plan).then(
      () => undefined,
      (error: Error) => [error.name, error.message],
    );
  };

  test.each(['leader-election', 'careless-leader-election', 'metadata-recovery'])(
    '%s is refused to a lock that cannot renew',
    async (workload) => {
      expect(await refusal(notesNaive, workload)).toEqual([
        'UsageError',
        `notes-naive cannot be renewed, and the workload ${workload} renews; ` +
          'holdfast list names the other workloads',
      ]);
    },
  );

  test('any lock that renews runs under it, and any lock at all under the others', async () => {
    expect(await refusal(setNx, 'leader-election')).toBeUndefined();
    expect(await refusal(notesNaive, 'ticket-seats')).toBeUndefined();
    expect(await refusal(noTtl, 'critical-section')).toBeUndefined();
  });

  test('a workload that nobody has is answered with the nearest', async () => {
    await expect(refusal(setNx, 'tiket-seats')).rejects.toThrow(
      'there is no workload tiket-seats; did you mean ticket-seats?',
    );
  });
});
