/** What the command line takes, what it refuses, and in which words. */
import { describe, expect, test } from 'vitest';
import { holdfast, refusing } from './command-line.js';

describe('a check is asked for', () => {
  test('with defaults that are fixed numbers', async () => {
    const { asked } = await holdfast(['check', 'set-nx']);
    expect(asked).toEqual([
      {
        lock: { name: 'set-nx' },
        runs: 2_000,
        seed: 1,
        set: {},
        strict: false,
        perClass: false,
        bail: false,
        ownBudget: false,
      },
    ]);
  });

  test('with every option', async () => {
    const { asked } = await holdfast([
      ...['check', './my-lock.ts', '--faults', 'pause, delay,pause', '--runs', '50'],
      ...['--time', '1.5m', '--seed', '4294967295', '--clients', '4', '--ttl', '500ms'],
      ...['--wait', '2s', '--set', 'driftFactor=0', '--set', 'sectionMs = 20', '--strict'],
      ...['--per-class', '--bail', '--workload', 'careless'],
    ]);
    expect(asked).toEqual([
      {
        lock: { file: './my-lock.ts' },
        faultClasses: ['pause', 'delay'],
        runs: 50,
        timeMs: 90_000,
        seed: 4_294_967_295,
        clients: 4,
        ttlMs: 500,
        waitMs: 2_000,
        set: { driftFactor: '0', sectionMs: '20' },
        strict: true,
        perClass: true,
        bail: true,
        workload: 'careless',
        ownBudget: false,
      },
    ]);
  });

  test('a time without a number of runs has no other end', async () => {
    const { asked, out } = await holdfast(['check', 'set-nx', '--time', '60s']);
    expect(asked).toMatchObject([{ runs: 10_000_000, timeMs: 60_000 }]);
    expect(out).not.toContain('10,000,000');
  });

  test.each([
    ['my-lock.ts', { file: 'my-lock.ts' }],
    ['locks/mine', { file: 'locks/mine' }],
    ['mine.cjs', { file: 'mine.cjs' }],
    ['redlock', { name: 'redlock' }],
  ])('%s is a file or a name', async (lock, meant) => {
    expect((await holdfast(['check', lock])).asked).toMatchObject([{ lock: meant }]);
  });
});

test('run asks for one run, replay for a code and perhaps a file', async () => {
  const run = await holdfast(['run', 'set-nx', '--run', '12', '--seed', '3']);
  expect(run.asked).toMatchObject([{ lock: { name: 'set-nx' }, run: 12, seed: 3 }]);
  const replay = await holdfast(['replay', 'hf1_abc', '--lock', './mine.ts']);
  expect(replay.asked).toEqual([{ code: 'hf1_abc', lockFile: './mine.ts', trace: false }]);
});

const REFUSED: readonly (readonly [argv: string, sentence: string])[] = [
  ['check', 'name a lock (holdfast list names them) or a file, or say --all'],
  ['list faults', 'there is no list of faults; there are locks, workloads, scenarios'],
  ['chek', "unknown command 'chek'; did you mean check?"],
  ['check set-nx --rns 3', "unknown option '--rns'; did you mean --runs?"],
  ['check set-nx other', "too many arguments for 'check'. Expected 1 argument but got 2."],
  ['check set-nx --seed', "option '--seed <n>' argument missing"],
  ['replay', "missing required argument 'code'"],
  [
    'check set-nx --ttl 10',
    '--ttl takes a duration with its unit (us, ms, s or m), such as 10s; it got "10"',
  ],
  [
    'check set-nx --wait 5h',
    '--wait takes a duration with its unit (us, ms, s or m), such as 10s; it got "5h"',
  ],
  ['check set-nx --ttl 0ms', '--ttl takes whole milliseconds from 1ms on; it got "0ms"'],
  ['check set-nx --ttl 1500us', '--ttl takes whole milliseconds from 1ms on; it got "1500us"'],
  ['check set-nx --time 0s', '--time takes a duration longer than 0; it got "0s"'],
  ['check set-nx --runs 0', '--runs takes a whole number from 1 to 10,000,000; it got "0"'],
  ['check set-nx --runs 1e3', '--runs takes a whole number from 1 to 10,000,000; it got "1e3"'],
  [
    'check set-nx --seed 4294967296',
    '--seed takes a whole number from 0 to 4,294,967,295; it got "4294967296"',
  ],
  ['check set-nx --seed=-1', '--seed takes a whole number from 0 to 4,294,967,295; it got "-1"'],
  ['check set-nx --clients 13', '--clients takes a whole number from 1 to 12; it got "13"'],
  [
    'check set-nx --faults pause,delai',
    '--faults: there is no fault class "delai"; did you mean delay?',
  ],
  [
    'check set-nx --faults crash',
    '--faults: there is no fault class "crash"; did you mean client-crash or server-crash?',
  ],
  [
    'check set-nx --set driftFactor',
    '--set takes option=value, such as driftFactor=0; it got "driftFactor"',
  ],
  ['check set-nx --all', '--all checks every built-in lock; it takes no lock, and got set-nx'],
  ['check --all --watch', '--all and --watch cannot be given together'],
  ['check --all --trace t.json', '--trace is about one lock; it cannot be given with --all'],
  ['check set-nx --watch', '--watch needs a lock file, as in holdfast check ./my-lock.ts --watch'],
  ['check --scenario nowhere.json', '--scenario: nowhere.json cannot be read (ENOENT)'],
  [
    'check set-nx --scenario nowhere.json --ttl 5s',
    '--ttl cannot be given with --scenario, which says it already',
  ],
  ['run set-nx --run -1', '--run takes a whole number from 0 to 9,999,999; it got "-1"'],
  ['explain belif', 'there is nothing to explain about "belif"; did you mean belief?'],
  ['new my-lock.js', 'new writes a TypeScript file: the name ends in .ts, as in my-lock.ts'],
  ['new MyLock.ts', 'a lock is named in small letters, digits and dashes, as in my-lock.ts'],
];

describe('one sentence says what is wrong, and nothing runs', () => {
  test.each(REFUSED)('%s', async (argv, sentence) => {
    const { code, out, err, asked } = await holdfast(argv.split(' '));
    expect(err).toContain(`holdfast: ${sentence}`);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect({ code, out, asked: asked.filter((one) => one !== 'list') }).toEqual({
      code: 64,
      out: '',
      asked: [],
    });
  });

  test('the engine has sentences of its own', async () => {
    const heard = await holdfast(['check', 'redlok'], {
      engine: refusing('there is no lock redlok; did you mean redlock?'),
    });
    expect(heard).toMatchObject({ code: 64, closed: 1 });
    expect(heard.err).toBe('holdfast: there is no lock redlok; did you mean redlock?\n');
  });

  test('with --json the sentence is a document', async () => {
    const { code, out } = await holdfast(['check', 'set-nx', '--ttl', '10', '--json']);
    expect(code).toBe(64);
    expect(JSON.parse(out)).toEqual({
      error: { exitCode: 64, message: expect.stringContaining('--ttl takes a duration') },
    });
  });
});

test('--watch where there is no folder', async () => {
  const { code, err, asked } = await holdfast(['check', './no-such-folder/a.ts', '--watch']);
  expect({ code, asked }).toEqual({ code: 64, asked: [] });
  expect(err).toBe(
    'holdfast: --watch: the folder ./no-such-folder cannot be watched (ENOENT); create it, or ' +
      'name another file\n',
  );
});

test('--watch has no document to print', async () => {
  const { code, err } = await holdfast(['check', './a.ts', '--watch', '--json']);
  expect(code).toBe(64);
  expect(err).toBe('holdfast: --watch and --json cannot be given together\n');
});

test('no command at all is wrong usage, and shows the help', async () => {
  const { code, out, err } = await holdfast([]);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain('Usage: holdfast [options] [command]');
});

test('asking for help or the version is not wrong', async () => {
  expect(await holdfast(['--help'])).toMatchObject({ code: 0, err: '' });
  expect(await holdfast(['check', '--help'])).toMatchObject({ code: 0, err: '' });
  const version = await holdfast(['--version']);
  expect(version).toMatchObject({ code: 0, err: '' });
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
