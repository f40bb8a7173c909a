/** Reading trace files: what was written comes back, and whatever is broken is refused by place. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { chromeTrace } from '../../src/timeline/export/chrome.js';
import { historyLines } from '../../src/timeline/export/history-lines.js';
import { svgOfRun } from '../../src/timeline/export/picture.js';
import type { TraceFile } from '../../src/timeline/format.js';
import { TraceModel } from '../../src/timeline/model.js';
import { readTrace } from '../../src/timeline/read.js';
import { DocumentProblem } from '../../src/timeline/reading/json.js';
import { wordsOf } from '../../src/timeline/words.js';
import { storyFiles, wholeFile } from './files.js';
import { mutations, replaced } from './mutations.js';

const FILES = [...storyFiles(), wholeFile()];
const text = (file: unknown) => JSON.stringify(file);

/** What is said of it; fails if nothing is. */
function problem(content: string): string {
  try {
    readTrace(content, 'run.json');
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentProblem);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

test.each(FILES.map((file, index) => [index, file.meta.title, file] as const))(
  'what is written is read: %i, %s',
  (_index, _title, file) => {
    expect(readTrace(text(file), 'run.json')).toEqual(JSON.parse(text(file)));
    expect(readTrace(`\uFEFF${text(file)}\n`, 'run.json')).toEqual(JSON.parse(text(file)));
  },
);

describe('one change is refused by a sentence that names the place', () => {
  const all = mutations(wholeFile());
  const kinds = [...new Set(all.map(({ kind }) => kind))];

  test('of every kind', () => {
    const inSchema = ['missing', 'mistyped', 'negative', 'fraction'];
    const beyond = ['too long', 'too short', 'out of range', 'before row 0', 'ends too early'];
    expect(kinds).toEqual([...inSchema, ...beyond]);
  });

  test.each(kinds)('%s: each in the file that has every field', (kind) => {
    for (const { place, broken } of all.filter((mutation) => mutation.kind === kind)) {
      expect(problem(text(broken()))).toContain(`run.json: ${place} `);
    }
  });

  property.prop([fc.constantFrom(...FILES), fc.nat()])('any in any story', (file, choice) => {
    const some = mutations(file);
    const { place, broken } = some[choice % some.length]!;
    expect(problem(text(broken()))).toContain(`run.json: ${place} `);
  });
});

test('a file that was cut anywhere ends in the middle', () => {
  const whole = text(wholeFile());
  for (let length = 1; length < whole.length; length++) {
    expect(problem(whole.slice(0, length))).toBe(
      `run.json ends in the middle, after ${length} characters; copy or write it again, whole`,
    );
  }
});

describe('the sentences', () => {
  const file = wholeFile();
  const of = (more: object) => problem(text({ ...file, ...more }));
  const ofEv = (more: Partial<TraceFile['ev']>) => of({ ev: { ...file.ev, ...more } });
  const at = (row: number, value: unknown) => file.ev.dt.map((dt, at) => (at === row ? value : dt));
  const scenario = { ...file.meta.scenario, ttlMs: 'x' };
  const { msg, hosts, spans } = file;

  test.each([
    ['nothing', problem(''), 'run.json is empty; write the trace again'],
    ['another kind of file', problem('hello'), /^run\.json is no JSON: ./],
    ['a picture', problem('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), /^run\.json is no JSON: \P{Cc}+$/u],
    ['wrong nesting', problem('{"a": [}'), /^run\.json is no JSON: ./],
    [
      'some JSON',
      problem('[1]'),
      'run.json: this is no trace of Holdfast: its format is missing, not "holdfast-trace"',
    ],
    [
      'another format',
      of({ format: 'lock-trace' }),
      'run.json: this is no trace of Holdfast: its format is "lock-trace", not "holdfast-trace"',
    ],
    [
      'another version',
      of({ v: 2, meta: { engine: '3.1.0' } }),
      'run.json: v is 2, and this Holdfast reads version 1 of the format; use Holdfast 3.1.0, ' +
        'which wrote it, or replay the run with this one and write it again',
    ],
    ['a strange version', of({ v: '1' }), 'run.json: v must be a whole number; it is "1"'],
    ['no version', of({ v: undefined }), 'run.json: v is missing; it must be a whole number'],
    [
      'a field missing',
      ofEv({ cause: undefined! }),
      'run.json: ev.cause is missing; it must be a list',
    ],
    [
      'a field mistyped',
      of({ meta: { ...file.meta, scenario } }),
      'run.json: meta.scenario.ttlMs must be a number from 0 on; it is "x"',
    ],
    [
      'columns of unequal length',
      ofEv({ host: [0] }),
      `run.json: ev.host has 1 row and ev.dt has ${file.ev.dt.length}`,
    ],
    [
      'events out of order',
      ofEv({ dt: at(3, -5) as number[] }),
      'run.json: ev.dt[3] is -5: rows stand in order of time, from 0 on',
    ],
    [
      'a host that is not there',
      of({ msg: { ...msg, to: msg.to.map(() => 9) } }),
      `run.json: msg.to[0] is 9, but there are ${hosts.length} hosts, counted from 0`,
    ],
    [
      'an unknown fate',
      of({ msg: { ...msg, fate: msg.fate.map(() => 4) } }),
      'run.json: msg.fate[0] is 4; there are 0 delivered, 1 lost, 2 receiver-down, 3 in-flight',
    ],
    [
      'an end of what has none',
      of({ msg: { ...msg, took: msg.took.map(() => 5) } }),
      'run.json: msg.took[1] is 5, but msg.fate[1] is 3, in-flight',
    ],
    [
      'no end of what has one',
      of({ msg: { ...msg, took: msg.took.map(() => -1) } }),
      'run.json: msg.took[0] is -1, but msg.fate[0] is 0, delivered',
    ],
    [
      'a span of negative length',
      of({ spans: [{ ...spans[0], fromUs: spans[0]!.fromUs.map(() => 1e9) }] }),
      /^run\.json: spans\[0\]\.untilUs\[0\] is \d+, before its beginning at 1000000000$/,
    ],
    [
      'a clock that goes back to an earlier piece',
      of({
        clocks: [
          {
            host: 0,
            clock: 'mono',
            pieces: [
              [5, 0, 0],
              [4, 0, 0],
            ],
          },
        ],
      }),
      'run.json: clocks[0].pieces[1] begins before the piece before it',
    ],
    [
      'a piece of a clock that is no triple',
      of({ clocks: [{ host: 0, clock: 'mono', pieces: [[5, 0]] }] }),
      'run.json: clocks[0].pieces[0] must be a list of 3; it has 2',
    ],
    [
      'uncertainty of what is exact',
      of({ meta: { ...file.meta, truth: 'exact' } }),
      'run.json: ev.before is uncertainty, and meta.truth is "exact"; it must be "bounded"',
    ],
    [
      'two hosts of one name',
      of({ hosts: [...hosts, hosts[0]] }),
      `run.json: hosts[${hosts.length}].id is "A", and so is hosts[0].id`,
    ],
    [
      'two entries for one kind of spans',
      of({ spans: [...spans, spans[0]] }),
      `run.json: spans[${spans.length}].kind is "wait", and so is spans[0].kind`,
    ],
  ])('of %s', (_what, sentence, wanted) => {
    if (typeof wanted === 'string') expect(sentence).toBe(wanted);
    else expect(sentence).toMatch(wanted);
  });
});

test('what a later Holdfast may add is let through: fields, types of records, kinds of spans', () => {
  const file = wholeFile();
  const [span] = file.spans;
  const later = {
    ...file,
    likelihood: [1, 2],
    dict: file.dict.map((word) => (word === 'enter' ? 'teleport' : word)),
    spans: [...file.spans, { ...span, kind: 'attempt' }],
  };
  expect(readTrace(text(later), 'run.json')).toEqual(later);
});

property.prop([fc.constantFrom(...FILES), fc.nat(), fc.jsonValue()], { numRuns: 1_000 })(
  'whatever stands in some place, it is refused in a sentence or can be worked with',
  (file, choice, value) => {
    const content = text(replaced(file, choice, value));
    let read: TraceFile;
    try {
      read = readTrace(content, 'run.json');
    } catch (error) {
      expect(error).toBeInstanceOf(DocumentProblem);
      expect((error as Error).message).toMatch(/^run\.json: [^\n]+$/);
      return;
    }
    const model = new TraceModel(read);
    expect(chromeTrace(model).traceEvents.every(({ ts }) => ts >= 0)).toBe(true);
    expect(() =>
      historyLines(model)
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).not.toThrow();
    const words = Array.from({ length: model.rows }, (_row, row) => wordsOf(model, row)).join();
    expect(svgOfRun(model) + words).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  },
);
