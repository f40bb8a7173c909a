/** Locks on real servers, without faults and under random ones, by `holdfast real`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import {
  isUnclaimed,
  type RealCheckReport,
  type RealSoakReport,
} from '../../../src/cli/real-report.js';
import { familyOf } from '../../../src/real/servers/process-identity.js';
import { readTrace } from '../../../src/timeline/read.js';
import { builtMain } from '../../packaging/built.js';
import { lockSource } from '../../packaging/lock-source.js';
import { itNeeds } from '../../real/servers/needing.js';
import { read, workIn } from './command.js';

const { folder, real } = workIn();

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

  itRedis('writes one JSON document', async () => {
    const argv = ['redisson-read-write-85', '--runs', '1', '--ttl', '1s', '--json'];
    const { code, out } = await real('check', ...argv);
    const { lock, verdict, workloads } = JSON.parse(out) as RealCheckReport;
    expect([lock, verdict, code]).toEqual(['redisson-read-write-85', 'invalid', 1]);
    const runs = workloads.flatMap((one) => one.runs);
    const properties = runs.flatMap((run) => run.properties);
    const broken = properties.filter(isUnclaimed);
    expect(broken.map(({ property }) => property)).toContain('read-write');
    for (const { why } of broken) expect(why).toMatch(/\. What helps: /);
    expect(properties).toContainEqual({ property: 'leak', verdict: 'valid' });
    expect(runs[0]).toMatchObject({ isOver: true, findings: [], differences: [] });
    expect(runs[0]!.environment['r1']).toMatch(/^redis 7/);
    expect(workloads.map(({ workload }) => workload)).toEqual(['critical-section']);
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
    const { code, err } = await real('check', file, '--runs', '1');
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

  itRedis('writes one JSON document', async () => {
    const argv = ['--time', '3s', '--clients', '3', '--faults', 'pause', '--json'];
    const { code, out } = await real('soak', 'set-nx', ...argv);
    const report = JSON.parse(out) as RealSoakReport;
    expect(report).toMatchObject({ lock: 'set-nx', verdict: 'valid', interrupted: false });
    expect(report.rounds).toHaveLength(1);
    const [round] = report.rounds;
    expect(round!.acquired).toBeGreaterThan(0);
    expect(Object.keys(round!.faults)).toEqual(['pause']);
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
    expect(said).toMatch(
      /^(?:✓ nothing unclaimed broke|\? nobody got the lock) · (?:1 round|0 rounds) · /m,
    );
    expect(code).toBe(130);
  });
});
