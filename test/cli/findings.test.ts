/** What is said of lock code that misbehaves, and of lock code that does nothing. */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/finding.js';
import type { LockReport } from '../../src/report.js';
import type { Property } from '../../src/verdict.js';
import { engineThat, holdfast } from './command-line.js';
import { lockReport } from './reports.js';

async function textOf(report: LockReport, argv: readonly string[] = []): Promise<string> {
  return (await holdfast(['check', './my-lock.ts', ...argv], { engine: engineThat(report) })).out;
}

const clock = (run: number, host: string, api: string, place: string): Finding => ({
  kind: 'host-clock',
  message: `run ${run}: ${api} is the host's`,
  host,
  place,
});

test('the same thing at the same place is told once, and how often it was seen', async () => {
  const findings = [
    clock(0, 'A', 'Date.now', 'my-lock.ts:4'),
    clock(0, 'B', 'Date.now', 'my-lock.ts:4'),
    clock(0, 'B', 'Math.random', 'my-lock.ts:4'),
    clock(3, 'A', 'Date.now', 'my-lock.ts:9'),
    clock(4, 'A', 'Date.now', 'my-lock.ts:9'),
  ];
  const text = await textOf(lockReport({ verdict: 'unknown', findings }));
  expect(text.split('\n').filter((line) => line.startsWith('? host-clock'))).toEqual([
    "? host-clock: client A: run 0: Date.now is the host's (my-lock.ts:4)",
    "? host-clock: client B: run 0: Math.random is the host's (my-lock.ts:4)",
    "? host-clock: client A: run 3: Date.now is the host's (my-lock.ts:9)",
  ]);
  expect(text).toContain('(my-lock.ts:9)\n    and 2 more like it; --json has them\n');
  expect(text).toContain('no verdict, findings about the lock code');
});

test('the same in another operation is the same', async () => {
  const findings = ['B1', 'B2', 'A1'].map((operation, run): Finding => {
    return { kind: 'threw', message: `run ${run}: acquire threw TypeError: no in ${operation}` };
  });
  const text = await textOf(lockReport({ verdict: 'unknown', findings }));
  expect(text).toContain(
    '? threw: run 0: acquire threw TypeError: no in B1\n    and 2 more like it; --json has them\n',
  );
});

test('of each kind three are told, and kinds do not hide each other', async () => {
  const threw = (run: number): Finding => ({ kind: 'threw', message: `run ${run}: A${run} threw` });
  const findings = [1, 2, 3, 4, 5].map(threw);
  const text = await textOf(
    lockReport({ findings: [...findings, clock(9, 'A', 'Date.now', 'my-lock.ts:4')] }),
  );
  expect(text).toContain('? threw: run 3: A3 threw\n    and 2 more like it; --json has them\n');
  expect(text).toContain('? host-clock: client A: run 9');
  expect(text).not.toContain('A4 threw');
});

test('what keeps several properties from being judged is told once', async () => {
  const unknown = (property: Property) =>
    ({ property, verdict: 'unknown', reason: 'no lease was seen' }) as const;
  const report = lockReport({
    verdict: 'unknown',
    properties: [unknown('leak'), unknown('belief')],
  });
  for (const argv of [[], ['--quiet']]) {
    const text = await textOf(report, argv);
    expect(text).toContain('? leak              no lease was seen\n');
    expect(text).toContain('? belief            for the same reason as leak\n');
  }
});

test('a lock that nobody competed for: where to look', async () => {
  const reached = (runs: number) => [{ goal: 'contention', runs, needed: 1 }];
  const idle = lockReport({ verdict: 'unknown', reached: reached(0) });
  const hint = 'one run shows why:\n  npx holdfast run ./my-lock.ts --seed 7\n';
  expect(await textOf(idle)).toContain(hint);
  expect(await textOf(lockReport({ reached: reached(1) }))).not.toContain('holdfast run');
});

test('a campaign of no runs has no digest', async () => {
  const blocked = lockReport({ verdict: 'unknown', runs: 0, digest: '', interrupted: true });
  const text = await textOf(blocked);
  expect(text).not.toContain('digest');
  expect(text).toContain('stopped after 0 runs');
});
