/** Explain: the chain begins before the witness, ends with it, and leaves nothing of it out. */
import { expect, test } from 'vitest';
import { chainOf } from '../../../src/timeline/derive/chain.js';
import { STORIES } from '../../story/stories.js';
import { modelOf } from '../models.js';

test.each(STORIES.map(({ name }) => name))(
  '%s: the chain holds the witness and its causes',
  (name) => {
    const model = modelOf(name);
    const [violation] = model.file.violations;
    const chain = chainOf(model, violation!);
    expect(chain).toEqual([...new Set(chain)].sort((a, b) => a - b));
    for (const row of violation!.witness) expect(chain).toContain(row);
    for (const row of chain) {
      const cause = model.cause[row]!;
      const isWitness = violation!.witness.includes(row);
      if (isWitness && cause >= 0) expect(chain).toContain(cause);
    }
  },
);

test('a pause of who offended is part of the explanation', () => {
  const model = modelOf('pause inside the write');
  const chain = chainOf(model, model.file.violations[0]!);
  const types = chain
    .map((row) => model.record(row))
    .map((one) => ('state' in one ? one.state : one.type));
  expect(types).toContain('paused');
});
