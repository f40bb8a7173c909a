/** `holdfast real`: counterexamples of the simulation happen on real servers; bad input is told. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { familyOf } from '../../src/real/servers/process-identity.js';
import { readConformance } from '../../src/timeline/conformance/read.js';
import { readTrace } from '../../src/timeline/read.js';
import { builtMain } from '../packaging/built.js';
import { lockSource } from '../packaging/lock-source.js';
import { itNeeds } from '../real/servers/needing.js';

interface Classic {
  readonly id: string;
  readonly property: string;
  readonly replay: string;
}

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const classics = JSON.parse(read('examples/classics.json')) as readonly Classic[];
const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-real-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

function real(...argv: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80' };
    const options = { cwd: folder, env, timeout: 110_000 };
    execFile(process.execPath, [builtMain(), 'real', ...argv], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), out, err });
    });
  });
}

/** Each of these commands is refused as wrong usage, with these words. */
async function areWrong(commands: readonly (readonly [string[], string])[]): Promise<void> {
  const ended = await Promise.all(commands.map(([argv]) => real(...argv)));
  ended.forEach(({ code, err }, index) => {
    expect(err).toContain(commands[index]![1]);
    expect(code).toBe(64);
  });
}

const classic = (id: string) => classics.find((one) => one.id === id)!;

describe('holdfast real replay', () => {
  const itRedis = itNeeds('redis');

  itRedis('confirms a failover that loses the lock, with the traces of both runs', async () => {
    const { replay, property } = classic('failover-async-repl');
    const files = ['--trace', 'real.json', '--simulated', 'simulated.json'];
    const { code, out } = await real('replay', replay, '--property', property, ...files);
    expect(out).toContain('confirmed: the same happened on the real servers');
    expect(out).toContain('redis 7');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(code).toBe(1);
    const trace = readTrace(readFileSync(path.join(folder, 'real.json'), 'utf8'), 'real.json');
    expect(trace.meta).toMatchObject({ source: 'real', truth: 'bounded', algorithm: 'set-nx' });
    const [violation] = trace.violations;
    expect(violation).toMatchObject({ property: 'mutual-exclusion', class: 'double-grant' });
    expect(Math.max(...trace.ev.after!)).toBeGreaterThan(0);
    const other = readFileSync(path.join(folder, 'simulated.json'), 'utf8');
    expect(readTrace(other, 'simulated.json').meta.source).toBe('simulated');
  });

  itRedis('stops a client inside a call, and says all of it as one document', async () => {
    const { replay, property } = classic('lease-gc-pause');
    const { code, out } = await real('replay', replay, '--property', property, '--json');
    const [story, ...others] = readConformance(out, 'the output').stories!;
    expect(others).toEqual([]);
    expect(story).toMatchObject({
      lock: 'set-nx',
      code: replay,
      property,
      class: 'inherent-overlap',
      faults: ['pause'],
      servers: ['r1'],
      outcome: 'confirmed',
      differences: [],
    });
    const { steps, timing } = story!;
    expect(timing!.steps).toBe(steps);
    expect(timing!.medianUs).toBeLessThanOrEqual(timing!.p95Us);
    expect(timing!.p95Us).toBeLessThanOrEqual(timing!.maxUs);
    // A step is waited for until a millisecond before its time.
    expect(timing!.maxUs).toBeGreaterThan(-1_000);
    expect(code).toBe(1);
  });

  test('what is no replay code, or breaks something else, is said', async () => {
    const { replay } = classic('blind-del');
    writeFileSync(path.join(folder, 'half'), replay.slice(0, 60));
    await areWrong([
      [['replay', 'half'], 'is damaged or cut short'],
      [['replay', 'nowhere'], 'nowhere is no replay code'],
      [['replay', replay, '--property', 'leek'], 'no property "leek"; did you mean leak'],
      [['replay', replay, '--property', 'fairness'], 'does not break fairness'],
      // Before anything is played.
      [['replay', 'half', '--trace', 'no/such.json'], '--trace: no/such.json cannot be written'],
      [['play'], 'real has no command play'],
    ]);
  });
});

describe('holdfast real check', () => {
  const itRedis = itNeeds('redis');

  itRedis('finds nothing wrong with a careful lock, nor with the model of its server', async () => {
    const { code, out } = await real('check', 'set-nx', '--runs', '1', '--ttl', '1s');
    expect(out).toContain('1 run on r1 redis 7');
    for (const property of ['mutual-exclusion', 'ownership', 'leak', 'progress']) {
      expect(out).toContain(`✓ ${property}`);
    }
    expect(out).not.toContain('the model');
    expect(code).toBe(0);
  });

  itRedis('says why a lock breaks, and writes the trace of that', async () => {
    const file = path.join(folder, 'mine.ts');
    const everybody = read('examples/my-lock.ts').replace(
      "'PX', ttlMs)) !== 'OK'",
      "'PX', ttlMs)) === 0",
    );
    writeFileSync(file, everybody.replace("'my-lock'", "'mine'"));
    const { code, out } = await real('check', file, '--runs', '1', '--trace', 'broken.json');
    expect(out).toMatch(/^✗ mutual-exclusion: [a-z-]+\n {2}why: /m);
    expect(code).toBe(1);
    const text = readFileSync(path.join(folder, 'broken.json'), 'utf8');
    const { meta, violations } = readTrace(text, 'broken.json');
    expect(meta).toMatchObject({ source: 'real', algorithm: 'mine' });
    expect(violations.map(({ property }) => property)).toContain('mutual-exclusion');
  });

  itRedis('ends, with all that it started, when one of its clients does not start', async () => {
    const first = [
      "import { mkdirSync } from 'node:fs';",
      "import { isMainThread } from 'node:worker_threads';",
      "if (isMainThread) try { mkdirSync('first'); process.exit(3); } catch {}",
    ];
    const file = path.join(folder, 'ends-one.ts');
    writeFileSync(file, `${first.join(' ')}\n${lockSource('ends-one', '')}`);
    const { code, err } = await real('check', file, '--runs', '1');
    expect(err).toMatch(/^holdfast: the process of client \w ended \(exit code 3\)/);
    expect(code).toBe(2);
  });
});

describe('holdfast real soak', () => {
  const itRedis = itNeeds('redis');

  itRedis('makes trouble, judges, and stops by itself', async () => {
    const { code, out } = await real('soak', 'set-nx', '--time', '3s', '--clients', '3');
    expect(out).toMatch(/^round 1 · \d+ acquired · \d+ requests · (?:[a-z-]+ \d+,?\s+)+/);
    expect(out).toContain('✓ nothing unclaimed broke · ');
    expect(code).toBe(0);
  });

  itRedis('is over at Ctrl-C, which a terminal sends to the tool and what it started', async () => {
    const args = [builtMain(), 'real', 'soak', 'set-nx', '--time', '60s'];
    const tool = spawn(process.execPath, args, { cwd: folder, detached: true });
    let said = '';
    for (const output of [tool.stdout, tool.stderr]) output.on('data', (text) => (said += text));
    const ended = once(tool, 'close');
    // The tool, a Redis, eight clients and the probe: all are there, and none is ready.
    while (familyOf(tool.pid!).length < 11) await pause(5);
    await pause(50);
    process.kill(-tool.pid!, 'SIGINT');
    const [code] = (await ended) as [number | null];
    expect(said).toMatch(/^(?:✓ nothing unclaimed broke|\? nobody got the lock) · 1 round · /m);
    expect(code).toBe(130);
  });

  test('refuses what it cannot make', async () => {
    await areWrong([
      [['soak', 'set-nx', '--faults', 'failover'], 'does not make failover; it makes pause,'],
      [['soak', 'set-nx', '--time', '3'], '--time'],
      [['check', 'no-such-lock'], 'there is no lock no-such-lock'],
      [['check', 'set-nx', '--set', 'retries=5'], 'retries'],
      [['check', 'beeorm-locker'], 'sends nothing to a server with a TTL of 2 s'],
      [['soak', 'beeorm-locker'], 'end with "the wait must not be longer than the TTL"; --ttl'],
    ]);
  });
});

describe('holdfast real classics', () => {
  const itAll = itNeeds('redis', 'postgres', 'pgbouncer', 'etcd');

  itAll('confirms the best known failures, each on its real server', async () => {
    const { code, out } = await real('classics');
    expect(out.match(/^✗ .*/gm)).toHaveLength(8);
    expect(out).not.toMatch(/not reproduced|cannot be played/);
    expect(code).toBe(0);
  });
});

test('the classics are published failures, each with its smallest run', () => {
  const { failures } = JSON.parse(read('reports/published-failures.json')) as {
    readonly failures: readonly Classic[];
  };
  expect(classics).toHaveLength(8);
  for (const { id, property, replay } of classics) {
    expect(failures.find((one) => one.id === id)).toMatchObject({ property, replay });
  }
});
