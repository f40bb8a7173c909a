/** A replay code makes its run again, under the workload that the run had. */
import { expect, test } from 'vitest';
import { checkLock } from '../../src/host/session.js';
import { replayCode } from '../../src/host/single-run.js';

const QUIET = {
  configuration: () => {},
  progress: () => {},
  run: () => {},
  stopped: () => false,
};

test.each(['ticket-seats', 'payment', 'careless-job-runner', 'metadata-recovery'])(
  'every counterexample of %s is the same run again',
  async (workload) => {
    const report = await checkLock(
      {
        lock: { name: 'get-then-delete' },
        workload,
        faultClasses: ['pause', 'failover'],
        runs: 60,
        seed: 1,
        set: {},
        strict: true,
        perClass: false,
        bail: false,
        ownBudget: false,
      },
      QUIET,
    );
    expect(report.configuration.workload).toBe(workload);
    const found = report.properties.flatMap(({ counterexample }) => counterexample ?? []);
    expect(found.length).toBeGreaterThan(1);
    for (const { replay, digest } of found) {
      const again = await replayCode({ code: replay, trace: false });
      expect(again.configuration.workload).toBe(workload);
      expect([again.digest, again.recordedDigest]).toEqual([digest, digest]);
    }
  },
);
