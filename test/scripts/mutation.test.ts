/** The mutation tool itself: which mutants it makes, and that each switch turns on just its own. */
import { expect, test } from 'vitest';
import { instrument } from '../../scripts/mutation/instrument.js';
import { settle, survivorsText } from '../../scripts/mutation/report.js';
import { MutationSwitch } from '../../scripts/mutation/switch.js';

const changesOf = (body: string) =>
  instrument('file.ts', `function f() { ${body} }`, 0).mutants.map(({ change }) => change);

/** Runs a function of plain JavaScript with each of its mutants on, and with none. */
async function outcomes(source: string, input: readonly unknown[]) {
  const { code, mutants } = instrument('file.ts', source, 0);
  globalThis.$mutation = new MutationSwitch();
  const f = new Function(`${code}; return f;`)() as (...input: readonly unknown[]) => unknown;
  const results: unknown[] = [f(...input)];
  for (const { id } of mutants) {
    await globalThis.$mutation.kills(id, () => results.push(f(...input)), 0);
  }
  return results;
}

test('a comparison is inverted and moved by its boundary', () => {
  expect(changesOf('return a < b')).toEqual(['a < b → a >= b', 'a < b → a <= b']);
  expect(changesOf('return a >= b')).toEqual(['a >= b → a < b', 'a >= b → a > b']);
  expect(changesOf('return a === b')).toEqual(['a === b → a !== b']);
});

test('each clause is dropped and negated, unless an operator inside does that', () => {
  expect(changesOf('return a && b')).toEqual([
    'a && b → a',
    'a && b → b',
    'a && b → !(a) && b',
    'a && b → a && !(b)',
  ]);
  expect(changesOf('return !a || b < c')).toEqual([
    '!a → a',
    'b < c → b >= c',
    'b < c → b <= c',
    '!a || b < c → !a',
    '!a || b < c → b < c',
  ]);
  expect(changesOf('return a ?? b')).toEqual(['a ?? b → a', 'a ?? b → b']);
});

test('a condition is fixed and negated; a loop may only be ended', () => {
  expect(changesOf('if (a) b()')).toEqual(['a → true', 'a → false', 'a → !(a)']);
  expect(changesOf('return a ? b : c')).toEqual(['a → true', 'a → false', 'a → !(a)']);
  expect(changesOf('while (a) b()')).toEqual(['a → false']);
});

test('extremes, signs and steps are exchanged, but not the + of texts', () => {
  expect(changesOf('return Math.min(a, b)')).toEqual([
    'Math.min(a, b) → Math.max(a, b)',
    'Math.min(a, b) → a',
    'Math.min(a, b) → b',
  ]);
  expect(changesOf('return a + b')).toEqual(['a + b → a - b']);
  expect(changesOf("return 'a' + b + c")).toEqual([]);
  expect(changesOf('a += -b; c++')).toEqual(['-b → b', 'a += -b → a -= -b', 'c++ → c--']);
});

test('types and what runs while a module loads are left alone', () => {
  const source = 'const a = 1 + 2; function f(b: 1 | -1, { c }: { c?: -1 }): -1 { return b as -1 }';
  expect(instrument('file.ts', source, 0).mutants).toEqual([]);
});

test('a mutant knows its place', () => {
  expect(instrument('file.ts', 'function f(µ) {\n  return µ <\n    1;\n}', 5).mutants[0]).toEqual({
    id: 5,
    file: 'file.ts',
    line: 2,
    source: 'return µ <',
    change: 'µ < 1 → µ >= 1',
  });
});

test('a switch turns on one mutant, also one inside another', async () => {
  const source = 'function f(a, b, c) { return a < b && b < c; }';
  // Without a mutant; a >= b, a <= b; b >= c, b <= c; only a < b, only b < c.
  const results = [false, false, false, true, true, true, false];
  expect(await outcomes(source, [1, 2, 2])).toEqual(results);
});

test('the loops of a mutant that does not end are stopped', async () => {
  const source = 'function f(n) { let i = 0; for (; i < n; i++) { if (i > n) break; } return i; }';
  const results = await outcomes(source, [3]);
  expect(results[0]).toBe(3);
  expect(results.length).toBeLessThan(1 + instrument('file.ts', source, 0).mutants.length);
});

test('a survivor is one that is not listed; a listed one that was killed is stale', () => {
  const { mutants } = instrument('file.ts', 'function f(a, b) { return a < b }', 0);
  const [inverted, moved] = mutants;
  const listed = (change: string) => ({ source: inverted!.source, change, reason: 'the same' });
  const alive = settle(mutants, new Set([0, 1]), new Set([1]), { 'file.ts': [] });
  expect(alive.survivors.map(({ id, unmet }) => [id, unmet])).toEqual([
    [0, false],
    [1, true],
  ]);
  expect(survivorsText(alive)).toContain('file.ts:1  a < b → a <= b  (no test comes here)');
  const known = { 'file.ts': [listed(inverted!.change), listed(moved!.change)], 'other.ts': [] };
  const outcome = settle(mutants, new Set([0]), new Set(), known);
  expect(outcome.survivors).toEqual([]);
  expect(outcome.equivalent.map(({ id, reason }) => [id, reason])).toEqual([[0, 'the same']]);
  expect(outcome.stale.map(({ change }) => change)).toEqual([moved!.change]);
});
