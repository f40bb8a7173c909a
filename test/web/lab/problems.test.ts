/** Every problem of a plan is said at one place of the form. */
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../../src/algorithms/options.js';
import { hasField, problemAt, refusalOf } from '../../../web/src/lab/problems.js';
import { PlanError } from '../../../web/src/simulator/client.js';
import { drawn } from '../../lab/played.js';

const redlock = drawn('redlock', 0, { faultClasses: [] });

describe('what the simulator refused', () => {
  it('is about an option of the lock, or about a field of the scenario', () => {
    const about = (option?: string) => refusalOf(new PlanError('no', option), redlock).path;
    expect(about('servers')).toEqual(['options', 'servers']);
    expect(about('nope')).toEqual(['options', 'nope']);
    expect(about('workload')).toEqual(['workload']);
    expect(about()).toBeUndefined();
    expect(refusalOf(new OptionError('no', 'servers'), redlock)).toEqual({ message: 'no' });
  });
});

describe('the form', () => {
  it.each([
    [['ttlMs'], true],
    [['options', 'nope'], true],
    [['clients'], true],
    [['clients', 0, 'operations', 1, 'gapUs'], true],
    [['faults', 0, 'at', 'call', 'nth'], true],
    [['clients', 0], false],
    [['clients', 0, 'operations', 1, 'mode'], false],
    [['faults', 0, 'error'], false],
    [['servers', 0, 'persistence'], false],
    [['longestSectionUs'], false],
    [[], false],
  ])('%j has a field: %j', (path, expected) => {
    expect(hasField(path)).toBe(expected);
  });

  it('shows at a field what is wrong with it or within it', () => {
    const problem = { message: 'no', path: ['faults', 1, 'at', 'atUs'] };
    expect(problemAt([problem], ['faults', 1, 'at'])).toBe(problem);
    expect(problemAt([problem], ['faults', 1])).toBe(problem);
    expect(problemAt([problem], ['faults', 0, 'at'])).toBeUndefined();
    expect(problemAt([{ message: 'no' }], ['faults'])).toBeUndefined();
  });
});
