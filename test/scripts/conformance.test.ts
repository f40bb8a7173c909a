/** How generated sequences are played, counted and shrunk, on servers made up for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arm, Played, Service } from '../../scripts/conformance/arm.js';
import { HEADING, serverSection, withSection } from '../../scripts/conformance/report.js';
import { run } from '../../scripts/conformance/run.js';
import { describeDivergence } from '../../scripts/conformance/words.js';

type Words = readonly string[];

const SERVICE: Service<Words> = {
  name: 'echo',
  commands: 400,
  unit: 'words',
  sequences: fc.array(fc.constantFrom('a', 'b', 'c', 'lie'), { minLength: 1, maxLength: 12 }),
  named: [
    { name: 'known', reason: 'it is', matches: (_difference, { command }) => command === 'c' },
  ],
  omissions: [{ name: 'd', reason: 'nobody says it' }],
};

/** Answers each word with itself; the other server does so unless it lies at this step. */
function echo(words: Words, liesAt: number): Played {
  const steps = words.map((word) => ({ command: word, answer: word }));
  if (liesAt < 0) return { commands: words.length, steps };
  const difference = { step: liesAt, real: words[liesAt]!, simulated: 'something else' };
  return { commands: words.length, steps, difference };
}

function armOf(play: (words: Words, count: number) => Played): Arm<Words> {
  let count = 0;
  return { play: (words) => Promise.resolve(play(words, count++)) };
}

const runOn = (arm: Arm<Words>, wish = {}) =>
  run(SERVICE, { times: 1, seed: 'test', ...wish }, [(play) => play(arm)]);

describe('a conformance run', () => {
  it('compares as many commands as it is asked for, and finds nothing where nothing is', async () => {
    const { commands, divergences } = await runOn(
      armOf((words) => echo(words, -1)),
      { times: 2 },
    );
    expect(commands).toBeGreaterThanOrEqual(800);
    expect(divergences).toEqual([]);
  });

  it('makes a divergence as small as it can be', async () => {
    const liar = armOf((words) => echo(words, words.indexOf('lie')));
    const { divergences } = await runOn(liar, { mostDivergences: 1 });
    expect(divergences).toHaveLength(1);
    expect(divergences[0]).toMatchObject({
      step: 0,
      real: 'lie',
      simulated: 'something else',
      steps: [{ command: 'lie' }],
    });
    const text = describeDivergence('echo', divergences[0]!).split('\n');
    expect(text.slice(1, 4)).toEqual([
      '  lie',
      '      real       lie',
      '      simulated  something else',
    ]);
  });

  it('counts what has a name, and what does not show again, and holds neither against it', async () => {
    const named = await runOn(armOf((words) => echo(words, words.indexOf('c'))));
    expect(named.divergences).toEqual([]);
    expect(named.named[0]!.sequences).toBeGreaterThan(0);
    const fluke = await runOn(armOf((words, count) => echo(words, count === 3 ? 0 : -1)));
    expect(fluke).toMatchObject({ divergences: [], unrepeated: 1 });
  });

  it('plays again what went too slowly, and counts what never went fast enough', async () => {
    const slow = (count: number, words: Words): Played =>
      count < 3 ? { commands: 0, steps: [], isTooSlow: true } : echo(words, -1);
    const once = await runOn(armOf((words, count) => slow(count, words)));
    expect(once.tooSlow).toBe(0);
    const never = armOf((words, count) => (count < 8 ? slow(0, words) : echo(words, -1)));
    expect((await runOn(never)).tooSlow).toBe(1);
  });

  it('says which sequence a real server did not survive', async () => {
    const dead: Arm<Words> = { play: () => Promise.reject(new Error('connection closed')) };
    await expect(runOn(dead)).rejects.toThrow(/the real echo was lost \(connection closed\).*\["/);
  });

  it('gives the same sequences for the same seed', async () => {
    const seen = async (seed: string) => {
      const all: Words[] = [];
      const listening = armOf((words) => {
        all.push(words);
        return echo(words, -1);
      });
      await runOn(listening, { seed });
      return all;
    };
    expect(await seen('one')).toEqual(await seen('one'));
    expect(await seen('one')).not.toEqual(await seen('two'));
  });
});

describe('the section of the report', () => {
  it('takes the place of the one there was, and no other', async () => {
    const result = { ...(await runOn(armOf((words) => echo(words, -1)))), server: 'echo 1.0' };
    const section = serverSection([result]);
    expect(section).toContain('| echo 1.0 | ');
    expect(section).toContain('| echo | d | not generated | nobody says it |');
    const before = `# Title\n\n${HEADING}\n\nold\n\n## Another\n\nkept\n`;
    const page = withSection(before, section);
    expect(page).toContain('## Another\n\nkept\n');
    expect(page).not.toContain('old');
    expect(withSection(page, section)).toBe(page);
    expect(withSection(withSection(undefined, section), section)).toBe(
      withSection(undefined, section),
    );
  });
});
