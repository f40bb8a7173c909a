/** Stories as they stand in a conformance document, for tests of what reads and shows them. */
import type { ServiceReport, StoryReport } from '../../../src/timeline/conformance/document.js';

/** A confirmed story, but for what is said. */
export function story(more: Partial<StoryReport> = {}): StoryReport {
  return {
    id: 'the-pause',
    lock: 'set-nx',
    code: 'hf1_abc',
    property: 'mutual-exclusion',
    class: 'inherent-overlap',
    faults: ['pause'],
    ttlMs: 1_000,
    servers: ['r1'],
    outcome: 'confirmed',
    attempts: 1,
    steps: 28,
    timing: { steps: 28, medianUs: 15_000, p95Us: 22_000, maxUs: 23_000 },
    tookMs: 3_190,
    environment: { r1: 'redis 7.0.15', node: 'v20.20.2' },
    differences: [],
    ...more,
  };
}

export function service(more: Partial<ServiceReport> = {}): ServiceReport {
  return {
    service: 'redis',
    server: 'redis 7.0.15',
    unit: 'commands',
    commands: 100_096,
    sequences: 3_345,
    divergences: [],
    named: [{ name: 'address of a Lua value', reason: 'differs each time', sequences: 16 }],
    ...more,
  };
}
