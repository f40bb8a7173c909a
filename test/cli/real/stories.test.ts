/** Counterexamples of the simulation happen on real servers, by `holdfast real`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConformance } from '../../../src/timeline/conformance/read.js';
import { readTrace } from '../../../src/timeline/read.js';
import { itNeeds } from '../../real/servers/needing.js';
import { type Classic, classic, classics, read, workIn } from './command.js';

const { folder, real } = workIn();

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
