/** What a soak holds against a lock: what no fault that struck before can excuse (R13). */
import { describe, expect, it } from 'vitest';
import { findLock } from '../../../src/algorithms/index.js';
import type { FaultClass } from '../../../src/fault.js';
import type { FaultRecord, History } from '../../../src/history.js';
import { withClaim } from '../../../src/real/check/claimed.js';
import type { PropertyVerdict } from '../../../src/verdict.js';

const { claims } = findLock('set-nx')!;
/** By design it breaks when its server forgets, and only then so badly. */
const DOUBLE: PropertyVerdict = {
  property: 'mutual-exclusion',
  verdict: 'invalid',
  class: 'double-grant',
  witness: [1],
};

function fault(struck: FaultClass, edge: FaultRecord['edge'] = 'start'): FaultRecord {
  return { type: 'fault', atUs: 0, fault: 'f1', class: struck, edge };
}

function isExpected(...records: FaultRecord[]): boolean {
  const history = { records } as unknown as History;
  return withClaim(DOUBLE, history, claims, 'everysec').expected === true;
}

describe('R13 a violation of a real run', () => {
  it('is excused by a fault that its claims name and that struck before', () => {
    expect(isExpected(fault('server-crash'), fault('pause'))).toBe(true);
  });

  it('is held against the lock if that fault struck only afterwards', () => {
    expect(isExpected(fault('pause'), fault('pause'), fault('server-crash'))).toBe(false);
  });

  it('is held against the lock if what struck is claimed for a milder class', () => {
    expect(isExpected(fault('pause'), fault('pause', 'end'))).toBe(false);
  });

  it('is held against a lock of which nothing is claimed', () => {
    const history = { records: [fault('server-crash')] } as unknown as History;
    const judged = withClaim(DOUBLE, history, {}, 'everysec');
    expect(judged).toBe(DOUBLE);
  });
});
