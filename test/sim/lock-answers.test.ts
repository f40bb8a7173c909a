/** What a lock may give back, and what is said of one that gives something else (R0, R11). */
import { describe, expect, test } from 'vitest';
import { mustBeAnswer, mustBeLock } from '../../src/sim/lock-answers.js';
import { bareGrant, recordsOf, runScript } from './run.js';

const grantWith = (more: object) => ({ ...bareGrant(), ...more });

test.each([
  [7n, 'the bigint 7'],
  ['7', 'the string 7'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [1.5, '1.5'],
  [-1, '-1'],
])('a fencing token that is no whole number is a finding: %s', async (given, words) => {
  const fencingToken = given as unknown as number;
  const run = await runScript({
    A1: { acquire: () => bareGrant({ ownerId: 'me', fencingToken }) },
  });
  const message = `acquire: fencingToken is ${words}; it has to be a whole number from 0`;
  expect(run.findings).toMatchObject([
    { kind: 'threw', message: expect.stringContaining(message) },
  ]);
});

describe('R11 an answer of validForMs', () => {
  const answering = (answer: unknown) =>
    runScript({
      A1: {
        acquire: () => bareGrant({ ownerId: 'me', validForMs: () => answer as number }),
        section: (section) => {
          section.enter();
          return section.holds();
        },
      },
    });

  test.each([
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    ['500', 'the string 500'],
    [Promise.resolve(500), 'a promise'],
  ])(
    'R11 that is no number is a finding, and nobody was told of a loss: %s',
    async (given, words) => {
      const run = await answering(given);
      const message = `holds threw TypeError: validForMs answered ${words}; expected`;
      expect(run.findings).toMatchObject([
        { kind: 'threw', host: 'A', message: expect.stringContaining(message) },
      ]);
      expect(recordsOf(run, 'validity')).toEqual([]);
      expect(recordsOf(run, 'told')).toEqual([]);
      // The lock is given back all the same.
      expect(recordsOf(run, 'ok').map(({ action }) => action)).toContain('release');
    },
  );

  test('R11 may be that nothing ends it', async () => {
    const run = await answering(Number.POSITIVE_INFINITY);
    expect(run.findings).toEqual([]);
    expect(recordsOf(run, 'validity')).toHaveLength(1);
  });
});

test.each([
  [undefined, 'undefined'],
  ['OK', 'the string OK'],
  [1, '1'],
])('what renew and release answer says whether it is held: %s', async (given, words) => {
  const answer = async () => given as unknown as boolean;
  const run = await runScript({
    A1: {
      acquire: () => bareGrant({ ownerId: 'me', renew: answer, release: answer }),
      section: (section) => section.renew().then(() => true),
    },
  });
  expect(run.findings.map(({ message }) => message)).toEqual([
    `renew threw TypeError: renew answered ${words}; expected true or false: whether the lock is ` +
      'still held in A1',
    `release threw TypeError: release answered ${words}; expected true or false: whether it was ` +
      'still held in A1',
  ]);
  expect(recordsOf(run, 'told')).toEqual([]);
  expect(recordsOf(run, 'info').map(({ action }) => action)).toEqual(['renew', 'release']);
});

test.each([
  [undefined, 'acquire answered undefined; expected { granted: true, release'],
  [true, 'acquire answered true; expected'],
  [{ ok: 1 }, 'acquire answered an object without granted; expected'],
  [{ granted: 1 }, 'acquire answered an object whose granted is 1; expected'],
  [{ granted: true }, 'acquire: release is undefined; a grant has a method release'],
  [{ granted: false, reason: 5 }, 'acquire: reason is 5; it is a text that says why'],
  [grantWith({ renew: true }), 'acquire: renew is true; it is a method, or left out'],
  [grantWith({ validForMs: 500 }), 'acquire: validForMs is 500; it is a method, or left out'],
  [grantWith({ onLost: {} }), 'acquire: onLost is an object; it is a method, or left out'],
  [grantWith({ ownerId: 5 }), 'acquire: ownerId is 5; it has to be a text'],
])('an answer of another shape is named: %j', (given, words) => {
  expect(() => mustBeAnswer(given)).toThrow(words);
});

test.each([
  [undefined, 'create answered undefined; expected an object with a method acquire'],
  [Promise.resolve(), 'create answered a promise; expected'],
  [{ lock: 1 }, 'create answered an object; expected'],
])('what is made instead of a lock is named: %j', (made, words) => {
  expect(() => mustBeLock(made as never)).toThrow(words);
});

test.each([
  [new AbortController(), 'an object'],
  [true, 'true'],
])('a signal that nobody can listen to is a finding: %s', async (signal, words) => {
  const run = await runScript({
    A1: { acquire: () => bareGrant({ ownerId: 'me', signal: signal as unknown as AbortSignal }) },
  });
  expect(run.findings.map(({ message }) => message)).toEqual([
    `acquire threw TypeError: signal is ${words}; it is an AbortSignal, or left out in A1`,
  ]);
  // The work is done and the lock given back all the same.
  expect(recordsOf(run, 'ok').map(({ action }) => action)).toEqual(['acquire', 'release']);
});
