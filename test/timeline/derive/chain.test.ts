/** Explain: the chain begins before the witness, ends with it, and leaves nothing of it out. */
import { expect, test } from 'vitest';
import { chainOf } from '../../../src/timeline/derive/chain.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { traceFile } from '../../../src/timeline/write.js';
import { story } from '../../checkers/history-builder.js';
import { STORIES } from '../../story/stories.js';
import { traceOf } from '../../story/telling.js';
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

test('a lease that is nobody’s ends without being part of the explanation', () => {
  const nobodys = { lease: 99, key: 'other', server: 'r1', host: 'B', incarnation: 1 } as const;
  const told = story('A', 'B').acquire('A', 0).release('A', 10).end(20);
  told.add({
    type: 'lease',
    atUs: 4_000,
    ...nobodys,
    operation: '',
    owner: undefined,
    sentAtUs: 3_000,
    termUs: 1_000,
    extends: false,
  });
  told.add({ type: 'lease-end', atUs: 5_000, lease: 99, cause: 'expired', by: undefined });
  const file = traceFile({ ...traceOf(told), digest: 'd' }, [], '0.1.0');
  const model = new TraceModel(file);
  const rows = Array.from({ length: model.rows }, (_, row) => row);
  const ends = rows.filter((row) => model.record(row).type === 'lease-end');
  const [stray, released] = ends;
  expect(model.atUs[stray!]).toBe(5_000);
  // The witness: the end of A's lease, which names no grant itself, and the acquire before it.
  const violation = { property: 'ownership', why: '', witness: [0, released!] };
  expect(chainOf(model, violation)).not.toContain(stray);
});
