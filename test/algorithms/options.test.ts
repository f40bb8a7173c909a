/** Options: defaults, text from a command line, and one sentence for everything that is wrong. */
import { describe, expect, test } from 'vitest';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { OptionError, resolveOptions } from '../../src/algorithms/options.js';
import redlock from '../../src/algorithms/redlock.js';

const paint: Pick<LockAlgorithm, 'name' | 'options'> = {
  name: 'paint',
  options: {
    colour: {
      kind: 'choice',
      default: 'red',
      values: ['red', 'green', 'blue'],
      doc: 'of the door',
    },
    gloss: { kind: 'boolean', default: false, doc: 'whether it shines' },
    layers: { kind: 'number', default: 2, min: 1, max: 9, integer: true, doc: 'how many' },
    ratio: { kind: 'number', default: 0.5, min: -1, max: 1, doc: 'of thinner' },
  },
};

describe('values', () => {
  test('absent ones get their defaults, in the order of the specification', () => {
    expect(JSON.stringify(resolveOptions(paint, { layers: 3 }))).toBe(
      '{"colour":"red","gloss":false,"layers":3,"ratio":0.5}',
    );
  });

  test('text stands for the number or the truth it spells', () => {
    const given = { colour: 'blue', gloss: 'true', layers: '9', ratio: '-0.25' };
    const values = { colour: 'blue', gloss: true, layers: 9, ratio: -0.25 };
    expect(resolveOptions(paint, given)).toEqual(values);
  });

  test('the ends of a range belong to it', () => {
    expect(resolveOptions(paint, { ratio: -1, layers: 9 })).toMatchObject({ ratio: -1, layers: 9 });
  });
});

describe('errors', () => {
  const sentences: [Record<string, string | number | boolean>, string][] = [
    [{ layers: 0 }, 'paint: option layers is 0; it takes a whole number from 1 to 9'],
    [{ layers: 10 }, 'paint: option layers is 10; it takes a whole number from 1 to 9'],
    [{ layers: 2.5 }, 'paint: option layers is 2.5; it takes a whole number from 1 to 9'],
    [{ layers: '2.5' }, 'paint: option layers is 2.5; it takes a whole number from 1 to 9'],
    [{ layers: Number.NaN }, 'paint: option layers is NaN; it takes a whole number from 1 to 9'],
    [{ layers: '' }, 'paint: option layers is ; it takes a whole number from 1 to 9'],
    [{ layers: '1e3' }, 'paint: option layers is 1e3; it takes a whole number from 1 to 9'],
    [{ layers: true }, 'paint: option layers is true; it takes a whole number from 1 to 9'],
    [{ ratio: '10ms' }, 'paint: option ratio is 10ms; it takes a number from -1 to 1'],
    [{ gloss: 1 }, 'paint: option gloss is 1; it takes true or false'],
    [{ colour: 'pink' }, 'paint: option colour is pink; it takes red, green or blue'],
    [{ color: 'red' }, 'paint: there is no option color; did you mean colour?'],
    [{ brush: 'wide' }, 'paint: there is no option brush; it takes colour, gloss, layers, ratio'],
    [
      { toString: 'x' },
      'paint: there is no option toString; it takes colour, gloss, layers, ratio',
    ],
  ];

  test.each(sentences)('%o: %s', (given, sentence) => {
    const [option] = Object.keys(given);
    expect(() => resolveOptions(paint, given)).toThrow(new OptionError(sentence, option));
  });

  test('a lock without options says so', () => {
    expect(() => resolveOptions({ name: 'plain', options: {} }, { servers: 3 })).toThrow(
      new OptionError('plain: there is no option servers; it takes none', 'servers'),
    );
  });

  test('redlock takes one to nine servers', () => {
    expect(() => resolveOptions(redlock, { servers: 0 })).toThrow(
      new OptionError(
        'redlock: option servers is 0; it takes a whole number from 1 to 9',
        'servers',
      ),
    );
    expect(() => resolveOptions(redlock, { server: 3 })).toThrow(
      new OptionError('redlock: there is no option server; did you mean servers?', 'server'),
    );
  });
});
