/** What an edit changed, in one line. */
import { describe, expect, it } from 'vitest';
import { whatChanged } from '../../src/lab/changes.js';
import { deleteFault } from '../../src/lab/fault-edits.js';
import { changeOperation } from '../../src/lab/field-edits.js';
import type { Scenario } from '../../src/scenario.js';
import { broken, drawn, played } from './played.js';

const changed = async (before: Scenario, after: Scenario) =>
  whatChanged(await played(before), await played(after));

/** A holds for three seconds from the start; B comes a second later and waits. */
function story(): Scenario {
  const drawnOne = drawn('set-nx', 0, { faultClasses: [], clients: 2, ttlMs: 10_000 });
  const clients = drawnOne.clients.map(({ id, operations }) => ({
    id,
    operations: operations.slice(0, 1),
  }));
  const calm = { gapUs: 0, sectionUs: 3_000_000, renew: false };
  const held = changeOperation({ ...drawnOne, clients }, 'A1', calm);
  return changeOperation(held, 'B1', { ...calm, gapUs: 1_000_000 });
}

describe('what changed', () => {
  it('is nothing if the run is the same', async () => {
    expect(await changed(story(), { ...story() })).toBe('nothing changed');
  });

  it('is the verdict first: a pause past the TTL breaks mutual exclusion', async () => {
    const paused = await broken(story());
    const line = await changed(story(), paused);
    const back = await changed(paused, deleteFault(paused, 'f1'));
    expect(line).toMatch(
      /^mutual-exclusion is broken \((?:inherent-overlap|stale-belief)\) now · /,
    );
    expect(back).toMatch(/^mutual-exclusion is valid now · /);
  });

  it('is who waits longer, by how much, and the messages that it took', async () => {
    const longer = changeOperation(story(), 'A1', { sectionUs: 6_000_000 });
    expect(await changed(story(), longer)).toMatch(
      /^B1 waits [23](\.\d)? s longer · \d+ messages more$/,
    );
    expect(await changed(longer, story())).toMatch(
      /^B1 waits [23](\.\d)? s less · \d+ messages fewer$/,
    );
  });

  it('is who gets the lock now', async () => {
    const impatient = { ...story(), waitMs: 500 };
    expect(await changed(story(), impatient)).toMatch(/^B1 no longer gets the lock · /);
    expect(await changed(impatient, story())).toMatch(/^B1 gets the lock now · /);
  });

  it('is no more than other times if a run only begins later', async () => {
    const one = { ...story(), clients: story().clients.slice(0, 1) };
    const later = changeOperation(one, 'A1', { gapUs: 5_000_000 });
    expect(await changed(one, later)).toBe('the same outcome, at other times');
  });
});
