/** Locks on real servers, without faults and under random ones, by `holdfast real`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { RealCheckReport, RealSoakReport } from '../../../src/cli/real-report.js';
import { familyOf } from '../../../src/real/servers/process-identity.js';
import { readTrace } from '../../../src/timeline/read.js';
import { builtMain } from '../../packaging/built.js';
import { lockSource } from '../../packaging/lock-source.js';
import { itNeeds } from '../../real/servers/needing.js';
import { read, workIn } from './command.js';

const { folder, real } = workIn();

const SHORT = ['--runs', '1', '--clients', '2'];

describe('holdfast real check', () => {
  const itRedis = itNeeds('redis');

  itRedis('finds nothing wrong with a careful lock, nor with the model of its server', async () => {
    const { code, out } = await real('check', 'set-nx', ...SHORT, '--ttl', '1s', '--json');
    const { lock, verdict, workloads } = JSON.parse(out) as RealCheckReport;
    expect([lock, verdict, code]).toEqual(['set-nx', 'valid', 0]);
    expect(workloads.map(({ workload }) => workload)).toEqual(['critical-section']);
    const [run] = workloads[0]!.runs;
    expect(run).toMatchObject({ isOver: true, findings: [], differences: [] });
    expect(run!.requests).toBeGreaterThan(0);
    expect(run!.environment['r1']).toMatch(/^redis 7/);
    for (const property of ['mutual-exclusion', 'ownership', 'leak', 'progress']) {
      expect(run!.properties).toContainEqual({ property, verdict: 'valid' });
    }
  });

  itRedis('says why a lock breaks, and writes the trace of that', async () => {
    const file = path.join(folder, 'mine.ts');
    const everybody = read('examples/my-lock.ts').replace(
      "'PX', ttlMs)) !== 'OK'",
      "'PX', ttlMs)) === 0",
    );
    writeFileSync(file, everybody.replace("'my-lock'", "'mine'"));
    const { code, out } = await real('check', file, ...SHORT, '--trace', 'broken.json');
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
      "let isFirst = false; if (isMainThread) try { mkdirSync('first'); isFirst = true; } catch {}",
      "if (isFirst) throw new Error('not here');",
    ];
    const file = path.join(folder, 'ends-one.ts');
    writeFileSync(file, `${first.join(' ')}\n${lockSource('ends-one', '')}`);
    const { code, err } = await real('check', file, ...SHORT);
    expect(err).toMatch(/^holdfast: the process of client \w ended \(exit code 1\): .*/);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain('ends-one.ts: it does not load: Error: not here');
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
    const few = ['--time', '60s', '--clients', '3'];
    const args = [builtMain(), 'real', 'soak', 'set-nx', ...few, '--json'];
    const tool = spawn(process.execPath, args, { cwd: folder, detached: true });
    let said = '';
    tool.stdout.on('data', (text) => (said += text));
    const ended = once(tool, 'close');
    // The tool, a Redis, three clients and the probe: all are there, and none is ready.
    while (familyOf(tool.pid!).length < 6) await pause(5);
    await pause(50);
    process.kill(-tool.pid!, 'SIGINT');
    const [code] = (await ended) as [number | null];
    const { lock, verdict, interrupted, rounds } = JSON.parse(said) as RealSoakReport;
    expect({ lock, interrupted }).toEqual({ lock: 'set-nx', interrupted: true });
    expect(['valid', 'unknown']).toContain(verdict);
    expect(rounds.length).toBeLessThanOrEqual(1);
    for (const round of rounds) expect(round).toMatchObject({ violations: [], findings: [] });
    expect(code).toBe(130);
  });
});
