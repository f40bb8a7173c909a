/** The JSON Schema of trace files: true of what is written, complete, and of one mind with ours. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAULT_CLASSES } from '../../src/fault.js';
import { readTrace } from '../../src/timeline/read.js';
import { SPAN_KINDS } from '../../src/timeline/spans.js';
import { ROOT } from '../architecture/source.js';
import { STORIES } from '../story/stories.js';
import { storyFiles, wholeFile } from './files.js';
import { mutations } from './mutations.js';
import { compiled, fieldRows, type Schema, schema, strict } from './schema.js';
import { expectTrace } from './trace-of.js';

const isTrace = compiled(schema);

test('every story keeps to it, and to nothing but what it describes', () => {
  expect(storyFiles()).toHaveLength(STORIES.length);
  for (const file of storyFiles()) expectTrace(file);
  expectTrace(wholeFile());
});

test('what it describes is all there in a file that has every field', () => {
  const required = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(required);
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part).map(([key, value]) => [key, required(value)]);
    const { properties } = part as Schema;
    const all = properties !== undefined && { required: Object.keys(properties) };
    return { ...Object.fromEntries(entries), ...all };
  };
  const { properties } = strict(schema);
  for (const name of ['meta', 'hosts', 'locks', 'ev', 'msg', 'clocks', 'spans', 'violations']) {
    const part = required(properties![name]) as Schema;
    const { faults, ...others } = part.properties?.['scenario']?.properties ?? {};
    const scenario = { ...part.properties?.['scenario'], properties: { ...others, faults: {} } };
    const whole =
      faults === undefined ? part : { ...part, properties: { ...part.properties, scenario } };
    const check = compiled({ ...(whole as Schema), $defs: schema.$defs! });
    const value = wholeFile()[name as keyof ReturnType<typeof wholeFile>];
    check(value);
    expect(check.errors, name).toBeNull();
  }
});

describe('it is of one mind with the reader', () => {
  const all = mutations(wholeFile());
  const refused = (broken: unknown) => () => readTrace(JSON.stringify(broken), 'run.json');

  test('on what is of the wrong shape', () => {
    const some = all.filter(({ inSchema }) => inSchema);
    expect(some.length).toBeGreaterThan(500);
    for (const { place, kind, broken } of some) {
      const file = broken();
      expect(isTrace(file), `${kind} ${place}`).toBe(false);
      expect(refused(file), `${kind} ${place}`).toThrow(place);
    }
  });

  test('on formats, versions, and uncertainty of what is exact', () => {
    const file = wholeFile();
    const exact = { ...file, meta: { ...file.meta, truth: 'exact' } };
    for (const broken of [{ ...file, format: 'x' }, { ...file, v: 2 }, exact, [], null]) {
      expect(isTrace(broken)).toBe(false);
      expect(refused(broken)).toThrow(/^run\.json: /);
    }
  });

  test('but sees no further than shape', () => {
    for (const { place, inSchema, broken } of all) {
      if (!inSchema) expect(isTrace(broken()), place).toBe(true);
    }
  });
});

describe('for people', () => {
  const properties = schema.properties!;

  test('it says the unit of every number', () => {
    const numbers = fieldRows().filter((row) =>
      /^\| `[^`]+` \| [^|]*(?:number|list of \d)/.test(row),
    );
    expect(numbers.length).toBeGreaterThan(60);
    expect(numbers.filter((row) => row.includes('| – |'))).toEqual([]);
  });

  test('it says what every field means', () => {
    expect(fieldRows().filter((row) => /\| \s*\|$/.test(row))).toEqual([]);
  });

  test('it knows the names that the code has', () => {
    const fault = properties['meta']!.properties!['scenario']!.properties!['faults']!.items!;
    expect(fault.properties!['class']!.examples).toEqual(FAULT_CLASSES);
    expect(properties['spans']!.items!.properties!['kind']!.examples).toEqual(SPAN_KINDS);
  });

  test('docs/trace-format.md has every field, with its unit, and no other', () => {
    const page = readFileSync(path.join(ROOT, 'docs/trace-format.md'), 'utf8');
    const part = page.slice(page.indexOf('## Fields'), page.indexOf('## What a reader checks'));
    expect(part.split('\n').filter((line) => line.startsWith('| `'))).toEqual(fieldRows());
  });
});
