/**
 * How lessons speak: times are read from the run and never written down, words that a newcomer does
 * not know stand in the glossary, and each word has the one meaning that it has everywhere.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { permalink } from '../../src/lessons/catalogue.js';
import type { Step } from '../../src/lessons/lesson.js';
import { ROOT } from '../architecture/source.js';
import { lessons } from './all.js';

/** Words that mean something special here. */
const TERMS = [
  'adversary',
  'atomic',
  'call',
  'client',
  'fencing token',
  'grant',
  'holder',
  'leak',
  'lease',
  'lock',
  'overlap',
  'owner id',
  'probe',
  'renew',
  'resource',
  'section',
  'server',
  'TTL',
  'unfounded belief',
  'double grant',
  'watchdog',
];

/** Words that mean two things, that only some readers know, or that frighten. */
const NOT_SAID = [
  /\bnodes?\b/i,
  /(?<!fencing )\btokens?\b/i,
  /\btimeouts?\b/i,
  /\bticks?\b/i,
  /\bmutex(es)?\b/i,
  /\bmutual exclusion\b/i,
  /\bquorum\b/i,
  /\blineariz/i,
  /\bidempoten/i,
  /\bRTT\b|\bGC\b/,
  /\bsimply\b|\bobviously\b|\bof course\b|\bjust\b/i,
  /\b[RD]\d+\b/,
];

/** A time or a length of time, as a figure. */
const TIME = /\d ?(?:µs|ms|s|seconds?|minutes?)\b/;

/** What a learner reads, but for titles, which may quote somebody, and what a task asks for. */
const told = ({ say, ask, task }: Step): string[] => [
  say,
  ...(ask === undefined ? [] : [ask.question, ask.why, ...ask.options.map(({ text }) => text)]),
  ...(task?.hints ?? []),
];

const texts = lessons.flatMap((lesson) =>
  lesson.steps.flatMap((step, at) =>
    [...told(step), ...(step.task === undefined ? [] : [step.task.says])].map((text) => ({
      link: permalink(lesson, at + 1),
      text,
      timed: step.task?.says === text,
    })),
  ),
);
const everything = texts.map(({ text }) => text).join('\n');

describe('what lessons say', () => {
  it.each(texts.filter(({ timed }) => !timed))('reads times from the run: $text', ({ text }) => {
    expect(text).not.toMatch(TIME);
  });

  it.each(NOT_SAID.map((word) => [word]))('does without %s', (word) => {
    expect(texts.filter(({ text }) => word.test(text))).toEqual([]);
  });

  it.each(TERMS)('is explained in the glossary: %s', (term) => {
    const page = readFileSync(path.join(ROOT, 'docs/glossary.md'), 'utf8');
    expect(everything.toLowerCase()).toContain(term.toLowerCase());
    expect(page).toMatch(new RegExp(`^\\| \\*\\*${term}\\*\\* \\|`, 'm'));
  });

  it('ends its sentences', () => {
    for (const { say, ask, task } of lessons.flatMap(({ steps }) => steps)) {
      expect(say).toMatch(/[.?]$/);
      if (ask !== undefined) expect(ask.question).toMatch(/\?$/);
      if (ask !== undefined) expect(ask.why).toMatch(/\.$/);
      for (const { text } of ask?.options ?? []) expect(text).toMatch(/[^.]$/);
      for (const text of [...(task?.hints ?? []), ...(task ? [task.says] : [])]) {
        expect(text).toMatch(/[.?]$/);
      }
    }
  });
});
