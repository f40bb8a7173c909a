/** What the terminal shows, at 80 columns and without colour. Golden files are there to be read. */
import { expect, test } from 'vitest';
import type { LockReport } from '../../src/report.js';
import { engineThat, holdfast, type Setting } from './command-line.js';
import {
  broken,
  brokenReport,
  configuration,
  counterexample,
  EVERY_FAULT,
  FLAWED,
  lockReport,
  properties,
  runReport,
  severalClasses,
} from './reports.js';

const REDLOCK = {
  ...configuration,
  algorithm: 'redlock',
  servers: ['r1', 'r2', 'r3', 'r4', 'r5'],
  options: { driftFactor: 0.01 },
};

const claimed = lockReport({
  properties: properties(
    broken('pause inside the write', {
      expected: true,
      reason: 'under pause: a holder that is paused wakes up after the lease has ended',
    }),
  ),
});

const doubtful = lockReport({
  verdict: 'unknown',
  asClaimed: false,
  unknownRuns: 3,
  properties: properties({
    property: 'coverage',
    verdict: 'unknown',
    reason: 'not reached: expiry while holding',
  }),
  reached: [
    { goal: 'contention', runs: 900, needed: 1 },
    { goal: 'expiry while holding', runs: 0, needed: 1 },
  ],
  findings: [
    {
      kind: 'host-clock',
      message: 'run 12: lock code read the clock of the machine (Date.now)',
      host: 'A',
      place: 'my-lock.ts:14',
    },
  ],
});

const redlock: LockReport = lockReport({
  algorithm: 'redlock',
  configuration: REDLOCK,
  verdict: 'invalid',
  asClaimed: false,
  properties: properties(
    broken('one of five servers restarts empty', { expected: false, violations: 1 }),
    {
      ...broken('late write', { expected: false }),
      counterexample: counterexample('late write', 'hf1_other'),
    },
  ),
});

const flawed = lockReport({
  ...FLAWED,
  configuration: { ...configuration, algorithm: 'blind-delete' },
  verdict: 'invalid',
  properties: properties(severalClasses()),
});

const perClass = lockReport({
  perClass: (['pause', 'clock-step', 'failover'] as const).map((faultClass) => ({
    faultClass,
    verdict: faultClass === 'failover' ? 'invalid' : 'valid',
    asClaimed: faultClass !== 'failover',
    runs: 2_000,
    digest: '0123456789abcdef',
    properties: properties(
      ...(faultClass === 'pause'
        ? [broken('pause inside the write', { expected: true })]
        : faultClass === 'failover'
          ? [broken('failover', { expected: false })]
          : []),
    ),
  })),
});

const shown: readonly (readonly [file: string, argv: string[], Setting])[] = [
  ['check-valid', ['check', 'set-nx'], {}],
  ['check-claimed', ['check', 'set-nx'], { engine: engineThat(claimed) }],
  [
    'check-invalid',
    ['check', 'set-nx', '--strict'],
    { engine: engineThat(brokenReport('pause inside the write')) },
  ],
  ['check-flawed', ['check', 'blind-delete'], { engine: engineThat(flawed) }],
  ['check-redlock', ['check', 'redlock'], { engine: engineThat(redlock) }],
  ['check-unknown', ['check', './my-lock.ts'], { engine: engineThat(doubtful) }],
  ['check-quiet', ['check', 'redlock', '--quiet'], { engine: engineThat(redlock) }],
  ['check-narrow', ['check', 'redlock'], { engine: engineThat(redlock), columns: 50 }],
  ['check-wide', ['check', 'redlock'], { engine: engineThat(redlock), columns: 120 }],
  ['check-per-class', ['check', 'set-nx', '--per-class'], { engine: engineThat(perClass) }],
  ['run', ['run', 'set-nx', '--run', '3'], {}],
  [
    'replay-differs',
    ['replay', 'hf1_abc', '--lock', './my-lock.ts'],
    {
      engine: {
        replay: () =>
          Promise.resolve(
            runReport('failover', {
              recordedDigest: '0123456789abcdef',
              console: [{ atUs: 1_000, host: 'A', text: 'granted!' }],
            }),
          ),
      },
    },
  ],
  ['list', ['list'], {}],
  ['explain', ['explain'], {}],
  ['explain-stale-belief', ['explain', 'stale-belief'], {}],
  ['help', ['--help'], {}],
  ['help-check', ['check', '--help'], {}],
  ['help-trace', ['trace', '--help'], {}],
  ['help-trace-export', ['trace', 'export', '--help'], {}],
];

test.each(shown)('%s', async (file, argv, setting) => {
  const { out, err } = await holdfast(argv, setting);
  expect(err).toBe('');
  const longest = setting.columns ?? 80;
  const tooLong = out.split('\n').filter((line) => [...line].length > longest);
  expect(tooLong.filter((line) => !line.includes('replay: '))).toEqual([]);
  await expect(out).toMatchFileSnapshot(`../golden/cli/${file}.txt`);
});

test('check-all: a block for each lock, and a table', async () => {
  const reports = [
    lockReport({ configuration: EVERY_FAULT }),
    lockReport({
      ...FLAWED,
      properties: properties(
        severalClasses(),
        broken('deletes the lease of the next holder', { expected: false }),
      ),
    }),
  ];
  const check = () => Promise.resolve(reports.shift()!);
  const { out, code, asked } = await holdfast(['check', '--all'], { engine: { check } });
  expect(code).toBe(0);
  expect(asked).toMatchObject([
    'list',
    { lock: { name: 'set-nx' }, ownBudget: true },
    { lock: { name: 'blind-delete' }, ownBudget: true },
  ]);
  await expect(out).toMatchFileSnapshot('../golden/cli/check-all.txt');
});
