/** Lock files of users: what may be left out, and one sentence for everything that is wrong. */
import { describe, expect, test } from 'vitest';
import { LockFileError, validateAlgorithm } from '../../src/algorithms/validate.js';
import { PROPERTIES, VIOLATION_CLASSES } from '../../src/verdict.js';

const create = () => ({ acquire: async () => ({ granted: false, reason: 'never' }) as const });
const minimal = { name: 'mine', create };
const layers = { kind: 'number', default: 2, min: 1, max: 9, doc: 'how many' };
const claim = { worst: 'breaks', reason: 'it does', source: 'me' };

function rejection(value: unknown): string {
  try {
    validateAlgorithm(value, './mine.ts');
  } catch (error) {
    if (error instanceof LockFileError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('replicas', () => {
  const copies = { kind: 'number', default: 1, min: 1, max: 2, integer: true, doc: 'how many' };
  const expected = 'a whole number from 1 to 2, or the name of an option that takes one';

  test.each<[object, string]>([
    [{ replicas: 0 }, `replicas is 0; expected ${expected}`],
    [{ replicas: 3 }, `replicas is 3; expected ${expected}`],
    [{ replicas: 1.5 }, `replicas is 1.5; expected ${expected}`],
    [{ replicas: true }, `replicas is true; expected ${expected}`],
    [{ replicas: 'copies' }, `replicas is "copies"; expected ${expected}`],
    ...[{ max: 3 }, { min: 0 }, { integer: false }].map((change): [object, string] => [
      { replicas: 'copies', options: { copies: { ...copies, ...change } } },
      `replicas is "copies"; expected ${expected}`,
    ]),
    [{ replicas: 2, services: { etcd: 1 } }, 'replicas is 2; expected none without services.redis'],
  ])('are refused in one sentence: %o', (more, sentence) => {
    expect(rejection({ ...minimal, ...more })).toBe(`./mine.ts: ${sentence}`);
  });

  test.each([1, 2, 'copies'])('are accepted: %o', (replicas) => {
    const lock = { ...minimal, replicas, options: { copies } };
    expect(validateAlgorithm(lock, './mine.ts').replicas).toBe(replicas);
  });
});

describe('accepts', () => {
  test('a name and create; the rest has defaults', () => {
    expect({ ...validateAlgorithm(minimal, './mine.ts'), create }).toEqual({
      name: 'mine',
      summary: 'The lock in ./mine.ts.',
      source: './mine.ts',
      services: { redis: 1 },
      options: {},
      claims: {},
      create,
    });
  });

  test('everything a built-in lock may have', () => {
    const full = {
      ...minimal,
      summary: 'Mine.',
      source: 'a book',
      services: { redis: 'layers' },
      schema: 'CREATE TABLE locks (key text PRIMARY KEY)',
      options: {
        layers,
        gloss: { kind: 'boolean', default: true, doc: 'whether it shines' },
        colour: { kind: 'choice', default: 'red', values: ['red', 'green'], doc: 'of the door' },
      },
      claims: {
        leak: { default: 'holds', pause: { ...claim, worst: 'until-ttl', withinRuns: 9 } },
        progress: { 'server-crash': { ...claim, persistence: 'none' } },
      },
      declares: { quorum: 2 },
      flaw: { property: 'leak', class: 'for-ever', faults: ['pause'], runs: 10 },
      fixedBy: 'yours',
    };
    expect({ ...validateAlgorithm(full, './mine.ts'), create }).toEqual(full);
    const declares = () => ({ quorum: 2 });
    expect(validateAlgorithm({ ...full, declares }, './mine.ts').declares).toBe(declares);
  });

  test('create that is a method of its object', async () => {
    const lock = {
      ...minimal,
      create() {
        return { acquire: async () => ({ granted: false, reason: this.name }) };
      },
    };
    const validated = validateAlgorithm(lock, './mine.ts');
    await expect(validated.create({} as never, {}).acquire('k', { ttlMs: 1 })).resolves.toEqual({
      granted: false,
      reason: 'mine',
    });
  });
});

describe('rejects', () => {
  const withOption = (spec: object) => ({
    ...minimal,
    options: { layers: { ...layers, ...spec } },
  });
  const withClaim = (leak: object) => ({ ...minimal, claims: { leak } });
  const flaw = { property: 'leak', faults: ['pause'], runs: 10 };

  const sentences: [unknown, string][] = [
    [undefined, 'its default export is undefined; expected what defineLock returns'],
    [create, 'its default export is a function; expected what defineLock returns'],
    [[minimal], 'its default export is a list; expected what defineLock returns'],
    [{ create }, 'name is undefined; expected lower-case words with dashes, such as my-lock'],
    [
      { name: 'My Lock', create },
      'name is "My Lock"; expected lower-case words with dashes, such as my-lock',
    ],
    [
      { name: 'mine' },
      'create is undefined; expected a function of the environment and the options',
    ],
    [{ ...minimal, claim: {} }, 'there is no field called claim; did you mean claims?'],
    [{ ...minimal, summary: '' }, 'summary is ""; expected a sentence'],
    [{ ...minimal, source: 7 }, 'source is 7; expected a sentence'],
    [{ ...minimal, schema: 1 }, 'schema is 1; expected a sentence'],
    [{ ...minimal, services: 1 }, 'services is 1; expected { redis: number of servers }'],
    [
      { ...minimal, services: { redis: 0 } },
      'services.redis is 0; expected a whole number from 1 to 9, or the name of an option',
    ],
    [
      { ...minimal, services: { redis: 'servers' } },
      'services.redis is "servers"; expected a whole number from 1 to 9, or the name of an option',
    ],
    [
      { ...minimal, services: { mysql: 1 } },
      'there is no service called mysql; known are redis, etcd, postgres, zookeeper',
    ],
    [{ ...minimal, options: [] }, 'options is a list; expected an object of option specifications'],
    [
      withOption({ kind: 'int' }),
      'options.layers.kind is "int"; expected number, boolean or choice',
    ],
    [withOption({ min: '1' }), 'options.layers.min is "1"; expected a number'],
    [withOption({ max: null }), 'options.layers.max is null; expected a number'],
    [withOption({ default: 0 }), 'options.layers.default is 0; expected a number from 1 to 9'],
    [withOption({ default: '2' }), 'options.layers.default is "2"; expected a number from 1 to 9'],
    [withOption({ doc: undefined }), 'options.layers.doc is undefined; expected a sentence'],
    [
      withOption({ kind: 'choice', values: 'red' }),
      'options.layers.values is "red"; expected a list of words',
    ],
    [
      { ...minimal, claims: { safety: {} } },
      `there is no property in claims called safety; known are ${PROPERTIES.join(', ')}`,
    ],
    [
      withClaim({ pauses: 'holds' }),
      'there is no fault class in claims.leak called pauses; did you mean pause?',
    ],
    [
      withClaim({ pause: 'broken' }),
      'claims.leak.pause is "broken"; expected \'holds\', or { worst, reason, source }',
    ],
    [
      withClaim({ pause: { ...claim, worst: 'holds' } }),
      'claims.leak.pause.worst is "holds"; expected inherent, stale, until-ttl, breaks',
    ],
    [
      withClaim({ pause: { worst: 'breaks', source: 'me' } }),
      'claims.leak.pause.reason is undefined; expected a sentence',
    ],
    [
      withClaim({ pause: { worst: 'breaks', reason: 'it does' } }),
      'claims.leak.pause.source is undefined; expected a sentence',
    ],
    [
      withClaim({ pause: { ...claim, withinRuns: 0 } }),
      'claims.leak.pause.withinRuns is 0; expected a whole number from 1',
    ],
    [
      withClaim({ pause: { ...claim, persistence: 'often' } }),
      'claims.leak.pause.persistence is "often"; expected none, everysec, always',
    ],
    [
      { ...minimal, declares: 3 },
      'declares is 3; expected an object, or a function of the options',
    ],
    [
      { ...minimal, declares: { guardms: 3 } },
      'there is no declaration called guardms; did you mean guardMs?',
    ],
    [
      { ...minimal, flaw: { ...flaw, faults: 'pause' } },
      'flaw.faults is "pause"; expected a list of fault classes',
    ],
    [
      { ...minimal, flaw: { ...flaw, faults: ['pauze'] } },
      'there is no fault class in flaw.faults called pauze; did you mean pause?',
    ],
    [
      { ...minimal, flaw: { ...flaw, runs: 1.5 } },
      'flaw.runs is 1.5; expected a whole number from 1',
    ],
    [{ ...minimal, flaw: { ...flaw, workload: 3 } }, 'flaw.workload is 3; expected a sentence'],
    [
      { ...minimal, flaw: { ...flaw, class: 'worse' } },
      `flaw.class is "worse"; expected ${VIOLATION_CLASSES.join(', ')}`,
    ],
    [{ ...minimal, fixedBy: 3 }, 'fixedBy is 3; expected a sentence'],
  ];

  test.each(sentences)('%# %j', (value, sentence) => {
    expect(rejection(value)).toBe(`./mine.ts: ${sentence}`);
  });
});
