/** Exit codes (docs/semantics.md, Names: exit codes). */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/finding.js';
import { NoVerdict } from '../../src/host/engine-api.js';
import type { LockReport } from '../../src/report.js';
import { engineThat, holdfast } from './command-line.js';
import { broken, brokenReport, DIGEST, lockReport, properties, runReport } from './reports.js';

const threw = properties({
  property: 'leak',
  verdict: 'unknown',
  reason: 'checker threw: oops',
  details: { threw: true },
});

const unrepeated: Finding = {
  kind: 'not-deterministic',
  message: 'run 0, made twice, was not the same: event 7 at 1 ms',
};
const ours: Finding = { ...unrepeated, isOurs: true };

const CHECKS: readonly (readonly [name: string, code: number, LockReport])[] = [
  ['valid', 0, lockReport()],
  [
    'a break as claimed',
    0,
    lockReport({ properties: properties(broken('failover', { expected: true })) }),
  ],
  ['a broken promise', 1, brokenReport('failover')],
  ['a lost known break', 1, lockReport({ verdict: 'invalid', lost: ['not found'] })],
  ['unknown', 2, lockReport({ verdict: 'unknown' })],
  ['a checker that threw', 70, lockReport({ verdict: 'unknown', properties: threw })],
  [
    'a checker that threw beside a break',
    70,
    lockReport({ verdict: 'invalid', properties: threw }),
  ],
  [
    'D15 a lock that does not repeat',
    2,
    lockReport({ verdict: 'unknown', findings: [unrepeated] }),
  ],
  [
    'D15 a built-in lock that does not repeat',
    70,
    lockReport({ verdict: 'unknown', findings: [ours] }),
  ],
];

describe('check', () => {
  test.each(CHECKS)('%s: %i', async (_name, code, report) => {
    expect((await holdfast(['check', 'set-nx'], { engine: engineThat(report) })).code).toBe(code);
    const json = await holdfast(['check', 'set-nx', '--json'], { engine: engineThat(report) });
    expect(json.code).toBe(code);
    expect(JSON.parse(json.out)).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('R13 check --all takes the worst: a bug of ours, a break, a doubt', async () => {
    const codeOf = async (...reports: readonly LockReport[]) => {
      const left = [...reports];
      const check = () => Promise.resolve(left.shift() ?? lockReport());
      return (await holdfast(['check', '--all'], { engine: { check } })).code;
    };
    const unknown = lockReport({ verdict: 'unknown' });
    expect(await codeOf()).toBe(0);
    expect(await codeOf(unknown)).toBe(2);
    expect(await codeOf(unknown, brokenReport('failover'))).toBe(1);
    const bug = lockReport({ verdict: 'unknown', properties: threw });
    expect(await codeOf(brokenReport('failover'), bug)).toBe(70);
  });
});

describe('run and replay', () => {
  const valid = { verdict: 'valid', asClaimed: true, properties: properties() } as const;
  const runs = [
    ['valid', 0, valid],
    ['a break', 1, {}],
    ['unknown', 2, { ...valid, verdict: 'unknown' }],
    ['the recorded run', 1, { recordedDigest: DIGEST }],
    ['another run than the recorded one', 2, { recordedDigest: 'other' }],
    ['a checker that threw', 70, { ...valid, verdict: 'unknown', properties: threw }],
    [
      'D15 a lock that does not repeat',
      2,
      { ...valid, verdict: 'unknown', findings: [unrepeated] },
    ],
    ['D15 a built-in one', 70, { ...valid, verdict: 'unknown', findings: [ours] }],
  ] as const;

  test.each(runs)('%s: %i', async (_name, code, more) => {
    const report = runReport('failover', more);
    const engine = { run: async () => report, replay: async () => report };
    expect((await holdfast(['run', 'set-nx'], { engine })).code).toBe(code);
    expect((await holdfast(['replay', 'hf1_abc'], { engine })).code).toBe(code);
  });
});

test('a bug of ours ends with 70, says so, and asks for a report', async () => {
  const engine = { check: () => Promise.reject(new TypeError('x is not a function')) };
  const heard = await holdfast(['check', 'set-nx'], { engine });
  expect(heard).toMatchObject({ code: 70, out: '', closed: 1 });
  expect(heard.err).toContain('TypeError: x is not a function');
  expect(heard.err).toContain('This is a bug in Holdfast, not in your lock. Please report it');
});

test('lock code that lets no run come to its end is a doubt: 2, and what it did is said', async () => {
  const sentence = 'run 0 of seed 1: client A blocks its thread';
  const engine = { run: () => Promise.reject(new NoVerdict(sentence)) };
  const heard = await holdfast(['run', 'set-nx', '--json'], { engine });
  expect(heard).toMatchObject({ code: 2, err: `holdfast: ${sentence}\n`, closed: 1 });
  expect(JSON.parse(heard.out)).toEqual({ error: { exitCode: 2, message: sentence } });
});

describe('interrupted', () => {
  /** Stops when asked to, and reports this. */
  const stopping = (report: LockReport) => ({
    check: (_request: unknown, _on: unknown, stop: AbortSignal) =>
      new Promise<LockReport>((resolve) => {
        stop.addEventListener('abort', () => resolve({ ...report, interrupted: true }));
      }),
  });
  const interruptedCheck = async (report: LockReport, what = 'set-nx', ...more: string[]) => {
    let interrupt = () => {};
    const heard = holdfast(['check', what, ...more], {
      engine: stopping(report),
      interrupts: (raise) => {
        interrupt = raise;
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    interrupt();
    return heard;
  };

  test('with nothing found: 130, and what there is is printed', async () => {
    const { code, out } = await interruptedCheck(lockReport({ runs: 77 }));
    expect(code).toBe(130);
    expect(out).toContain('stopped after 77 runs');
  });

  test('check --all with nothing found: 130, and that there would have been more', async () => {
    const { code, out } = await interruptedCheck(lockReport({ runs: 77 }), '--all');
    expect(code).toBe(130);
    expect(out).toMatch(/✓ 1 lock · 77 runs .*·\sstopped before the end\n$/s);
  });

  test('the document says that it is not whole, of one lock and of all', async () => {
    for (const what of ['set-nx', '--all']) {
      const { out } = await interruptedCheck(lockReport(), what, '--json');
      expect(JSON.parse(out)).toMatchObject({ interrupted: true });
    }
  });

  test('with a doubt: 130', async () => {
    expect((await interruptedCheck(lockReport({ verdict: 'unknown' }))).code).toBe(130);
  });

  test('with a break found: 1', async () => {
    expect((await interruptedCheck(brokenReport('failover'))).code).toBe(1);
  });

  test('twice: at once', async () => {
    const codes: number[] = [];
    let interrupt = () => {};
    let finish = (_report: LockReport) => {};
    const heard = holdfast(['check', 'set-nx'], {
      engine: { check: () => new Promise((resolve) => (finish = resolve)) },
      interrupts: (raise) => {
        interrupt = raise;
      },
      exitNow: (code) => codes.push(code),
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    interrupt();
    expect(codes).toEqual([]);
    interrupt();
    expect(codes).toEqual([130]);
    finish(lockReport());
    await heard;
  });

  test('a run or replay is given up at once: 130', async () => {
    let interrupt = () => {};
    const heard = holdfast(['run', 'set-nx'], {
      engine: { run: () => new Promise(() => {}) },
      interrupts: (raise) => {
        interrupt = raise;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    interrupt();
    expect(await heard).toMatchObject({ code: 130, out: '', closed: 1 });
  });
});
