/** JSON, colour, progress and traces: what goes where. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { progressText } from '../../src/cli/progress-line.js';
import type { Difference } from '../../src/difference.js';
import type { Finding } from '../../src/finding.js';
import type { CheckRequest, Engine, Progress } from '../../src/host/engine-api.js';
import type { LockReport } from '../../src/report.js';
import { expectTrace } from '../timeline/trace-of.js';
import { engineThat, holdfast, LISTED } from './command-line.js';
import {
  brokenReport,
  CODE,
  configuration,
  DIGEST,
  lockReport,
  properties,
  runReport,
} from './reports.js';

const ESCAPE = '\u001b[';

test('D15 a run that did not repeat is told once, by the line of determinism', async () => {
  const different = (message: string, more: Partial<Finding> = {}): Finding => ({
    kind: 'not-deterministic',
    message,
    ...more,
  });
  const difference = {} as Difference;
  const findings = [different('run 3 vanished'), different('run 7: event 9', { difference })];
  const report = lockReport({
    verdict: 'unknown',
    findings,
    properties: properties({ property: 'determinism', verdict: 'unknown', reason: 'Event 9.' }),
  });
  for (const argv of [
    ['check', 'set-nx'],
    ['check', '--all'],
  ]) {
    const { out } = await holdfast(argv, { engine: engineThat(report) });
    expect(out).toMatch(/\? determinism +Event 9\./);
    expect(out).toContain('? not-deterministic: run 3 vanished');
    expect(out).not.toContain('run 7: event 9');
  }
  const json = await holdfast(['check', 'set-nx', '--json'], { engine: engineThat(report) });
  expect(JSON.parse(json.out).findings).toEqual(findings);
});

test('two replicas of a Redis server stand beside it, in the configuration and in the list', async () => {
  const report = lockReport({ configuration: { ...configuration, replicas: 2 } });
  const checked = await holdfast(['check', 'set-nx'], { engine: engineThat(report) });
  expect(checked.out).toContain('set-nx · 1 × redis with 2 replicas · ttl 10 s');
  const locks = LISTED.locks.map((lock) => ({ ...lock, replicas: 2 }));
  const list = () => Promise.resolve({ ...LISTED, locks });
  const listed = await holdfast(['list', 'locks'], { engine: { list }, columns: 120 });
  expect(listed.out).toContain('(several × redis with 2 replicas)');
});

describe('--json: one document on the standard output, and nothing else', () => {
  const documents = [
    ['check', 'set-nx'],
    ['check', '--all'],
    ['run', 'set-nx'],
    ['replay', 'hf1_abc'],
    ['list'],
    ['explain'],
    ['explain', 'leak'],
  ];
  test.each(documents)('%s %s', async (...argv) => {
    const { out, err } = await holdfast([...argv.filter((one) => one !== undefined), '--json']);
    expect(() => JSON.parse(out)).not.toThrow();
    expect(err).toBe('');
  });

  test('of check it is the report', async () => {
    const { out } = await holdfast(['check', 'set-nx', '--json'], {
      engine: engineThat(brokenReport('pause inside the write')),
    });
    const document = JSON.parse(out);
    expect(document).toMatchObject({
      algorithm: 'set-nx',
      seed: 7,
      runs: 2_000,
      events: 640_000,
      searchMs: 580,
      elapsedMs: 640,
      digest: DIGEST,
      verdict: 'invalid',
    });
    expect(document.reached).toContainEqual({ goal: 'pause', runs: 1_201, needed: 20 });
    expect(document.properties[0]).toMatchObject({
      property: 'mutual-exclusion',
      verdict: 'invalid',
      class: 'inherent-overlap',
      expected: false,
      counterexample: { replay: CODE, clients: 2, faults: 0, rows: 9, events: 84 },
    });
    expect(document.properties[0].counterexample.story[0]).toEqual({
      atUs: 0,
      host: 'A',
      kind: 'lease',
      operation: 'A1',
      text: 'acquire, TTL 10 s',
      servers: ['r1'],
    });
  });

  test('of check --all it is the verdict, the digest and the locks', async () => {
    const { out } = await holdfast(['check', '--all', '--json']);
    const document = JSON.parse(out);
    expect(Object.keys(document)).toEqual(['verdict', 'digest', 'interrupted', 'locks']);
    expect(document.locks).toHaveLength(LISTED.locks.length);
    expect(document.digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test('D9 campaigns side by side give the same, in the order of the locks', async () => {
    const argv = ['check', '--all', '--json'];
    const nameOf = ({ lock }: CheckRequest) => ('name' in lock ? lock.name : lock.file);
    const check: Engine['check'] = async (request) => {
      // The first lock is done last.
      if (nameOf(request) === LISTED.locks[0]!.name)
        await new Promise((done) => setImmediate(done));
      return lockReport({ algorithm: nameOf(request) });
    };
    const alone = await holdfast(argv, { engine: { check } });
    const beside = await holdfast(argv, { engine: { check }, campaignsAtOnce: 2 });
    expect(beside.out).toBe(alone.out);
    expect(beside.closed).toBe(2);
    const names = JSON.parse(beside.out).locks.map(({ algorithm }: LockReport) => algorithm);
    expect(names).toEqual(LISTED.locks.map(({ name }) => name));
  });

  test('of list it is what the locks say of themselves, or workloads or scenarios', async () => {
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
    const listed = async (...kind: string[]) => {
      return JSON.parse((await holdfast(['list', ...kind, '--json'])).out);
    };
    expect(await listed()).toEqual(plain(LISTED.locks));
    expect(await listed('workloads')).toEqual(plain(LISTED.workloads));
    expect(await listed('scenarios')).toEqual(plain(LISTED.scenarios));
  });

  test('of run it is the report without the trace', async () => {
    const { out } = await holdfast(['run', 'set-nx', '--json']);
    const document = JSON.parse(out);
    expect(document.trace).toBeUndefined();
    expect(document.story).toHaveLength(9);
  });
});

describe('colour', () => {
  const coloured = async (isTTY: boolean, env: Record<string, string>) => {
    const { out } = await holdfast(['check', 'set-nx'], { isTTY, env });
    return out.includes(ESCAPE);
  };

  test('is for terminals', async () => {
    expect(await coloured(true, {})).toBe(true);
    expect(await coloured(false, {})).toBe(false);
    expect(await coloured(true, { TERM: 'dumb' })).toBe(false);
  });

  test('is refused with NO_COLOR, forced with FORCE_COLOR', async () => {
    expect(await coloured(true, { NO_COLOR: '1' })).toBe(false);
    expect(await coloured(true, { NO_COLOR: '' })).toBe(true);
    expect(await coloured(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured(true, { FORCE_COLOR: '0' })).toBe(false);
    expect(await coloured(false, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
  });

  test('changes nothing but the colour', async () => {
    const engine = engineThat(brokenReport('pause inside the write', 'late write'));
    const plain = await holdfast(['check', 'set-nx'], { engine });
    const painted = await holdfast(['check', 'set-nx'], { engine, env: { FORCE_COLOR: '1' } });
    const escapes = new RegExp(`${ESCAPE.replace('[', '\\[')}\\d+m`, 'g');
    expect(painted.out.replaceAll(escapes, '')).toBe(plain.out);
  });
});

describe('progress', () => {
  const state = (runs: number): Progress => ({
    lock: 'set-nx',
    runs,
    ofRuns: 2_000,
    events: runs * 300,
    elapsedMs: runs,
    violations: runs > 500 ? 2 : 0,
  });
  const working: Pick<Engine, 'check'> = {
    check: (_request, on) => {
      for (const runs of [100, 400, 900]) on.progress(state(runs));
      return Promise.resolve(lockReport());
    },
  };

  test('is one line, at most ten times a second, where somebody watches', async () => {
    const { err, out } = await holdfast(['check', 'set-nx'], {
      engine: working,
      errIsTTY: true,
      elapsedMs: [0, 99, 100],
    });
    expect(err).toBe(
      '\r\u001b[2Kset-nx: 100 of 2,000 runs · 100 ms · 300 k events/s' +
        '\r\u001b[2Kset-nx: 900 of 2,000 runs · 900 ms · 300 k events/s · 2 violations\r\u001b[2K',
    );
    expect(out).not.toContain('of 2,000 runs');
  });

  const shrinking: Pick<Engine, 'check'> = {
    check: (_request, on) => {
      on.progress({ ...state(2_000), elapsedMs: 12_340, candidates: 1_234 });
      return Promise.resolve(lockReport());
    },
  };

  test('counts candidates while the runs that were found are shrunk, and goes', async () => {
    const setting = { engine: shrinking, errIsTTY: true };
    expect((await holdfast(['check', 'set-nx'], setting)).err).toBe(
      '\r\u001b[2Kset-nx: shrinking, 1,234 candidates · 12.3 s · 2 violations\r\u001b[2K',
    );
    expect((await holdfast(['check', 'set-nx', '--quiet'], setting)).err).toBe('');
    const long = { ...shrinking, check: renamed('x'.repeat(90)) };
    const { err } = await holdfast(['check', 'set-nx'], { ...setting, engine: long, columns: 80 });
    expect(err).toBe(`\r\u001b[2K${'x'.repeat(79)}\r\u001b[2K`);
  });

  test('says nothing of shrinking in a log', async () => {
    const setting = { engine: shrinking, elapsedMs: [0, 20_000] };
    expect((await holdfast(['check', 'set-nx'], setting)).err).toBe('');
  });

  const renamed =
    (lock: string): Engine['check'] =>
    (_request, on) => {
      on.progress({ ...state(1), lock, candidates: 2 });
      return Promise.resolve(lockReport());
    };

  test('counts on alone where more runs are made than were asked for', () => {
    expect(progressText(state(2_000))).toContain('set-nx: 2,000 of 2,000 runs');
    expect(progressText(state(5_127))).toContain('set-nx: 5,127 runs');
  });

  test('is a plain line every ten seconds elsewhere', async () => {
    const { err } = await holdfast(['check', 'set-nx'], {
      engine: working,
      elapsedMs: [0, 5_000, 10_000, 12_000],
    });
    expect(err).toBe('set-nx: 400 of 2,000 runs · 400 ms · 300 k events/s\n');
  });

  test.each(['--quiet', '--json'])('is not shown with %s', async (option) => {
    const setting = { engine: working, errIsTTY: true, elapsedMs: [0, 5_000, 20_000] };
    expect((await holdfast(['check', 'set-nx', option], setting)).err).toBe('');
  });
});

describe('--trace', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'holdfast-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (file: string) => expectTrace(JSON.parse(readFileSync(file, 'utf8')));

  test('of run writes the run', async () => {
    const file = path.join(folder, 'run.json');
    const { code, err } = await holdfast(['run', 'set-nx', '--trace', file]);
    expect({ code, err }).toEqual({ code: 1, err: `the trace is in ${file}\n` });
    expect(written(file).meta).toMatchObject({ digest: DIGEST, algorithm: 'set-nx' });
  });

  test('of check writes the counterexample, by a replay with the lock file', async () => {
    const file = path.join(folder, 'check.json');
    const { asked, err } = await holdfast(['check', './mine.ts', '--trace', file], {
      engine: engineThat(brokenReport('failover')),
    });
    expect(asked[1]).toEqual({ code: CODE, trace: true, lockFile: './mine.ts' });
    expect(err).toContain('mutual-exclusion counterexample');
    expect(written(file).violations).toHaveLength(1);
  });

  test('of check with nothing found says that there is nothing to write', async () => {
    const file = path.join(folder, 'none.json');
    const { code, err } = await holdfast(['check', 'set-nx', '--trace', file]);
    expect(code).toBe(0);
    expect(err).toBe(`--trace: no counterexample was found, so ${file} was not written\n`);
  });

  test('to a place that cannot be written is wrong usage', async () => {
    const file = path.join(folder, 'no', 'such', 'folder.json');
    const { code, err } = await holdfast(['run', 'set-nx', '--trace', file]);
    expect(code).toBe(64);
    expect(err).toContain(`--trace: ${file} cannot be written (ENOENT)`);
  });
});

test('what the lock printed stands in the report of a run', async () => {
  const report = runReport('failover', { console: [{ atUs: 1_500, host: 'A', text: 'hello' }] });
  const { out } = await holdfast(['run', 'set-nx'], { engine: { run: async () => report } });
  expect(out).toContain('  1.5 ms A: hello\n');
});

test('a replay of the recorded run says so', async () => {
  const report = runReport('failover', { recordedDigest: DIGEST });
  const { out } = await holdfast(['replay', 'hf1_a'], { engine: { replay: async () => report } });
  expect(out).toContain('the same run as recorded');
});
