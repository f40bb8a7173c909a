/**
 * Sequences of requests for etcd, on three connections: what the recordings draw, compactions,
 * connections that close, and leases that end.
 */
import fc from 'fast-check';
import type { Operation, TxnRequest } from '../../../src/sim/servers/etcd/messages.js';
import { Draw, randomPut, randomStep, randomWatch } from '../../record/etcd/generator.js';
import {
  compact,
  FROM_KEY,
  grant,
  keepAlive,
  leases,
  range,
  revoke,
  timeToLive,
} from '../../record/etcd/requests.js';
import { close, on, type Sequence, type Step, wait } from '../../record/etcd/sequence.js';

/** No step draws more often. */
const DRAWS = 90;
const MOST = 2 ** 20;

/** Steps made from numbers. Those of a divergence become fewer; each is kept as it was made. */
function drawn(make: (draw: Draw) => Step): fc.Arbitrary<Step> {
  const numbers = fc.array(fc.noBias(fc.nat(MOST)), {
    minLength: DRAWS,
    maxLength: DRAWS,
    size: 'max',
  });
  return fc.noShrink(numbers).map((drawnNumbers) => {
    let at = 0;
    return make(new Draw((n) => (drawnNumbers[at++ % DRAWS] ?? 0) % n));
  });
}

/**
 * A put that keeps the value or lease of its key stands in a transaction only beside other puts and
 * ranges: etcd 3.4 dies if there is no such key once it comes to it.
 */
function withoutKeeping(operations: readonly Operation[], isInner: boolean): Operation[] {
  const isPlain = operations.every(({ type }) => type === 'put' || type === 'range');
  return operations.map((operation) => {
    if (operation.type === 'txn') return harmlessTxn(operation, true);
    if (operation.type !== 'put' || (isPlain && !isInner)) return operation;
    return { ...operation, ignoreValue: false, ignoreLease: false };
  });
}

function harmlessTxn(txn: TxnRequest, isInner: boolean): TxnRequest {
  return {
    ...txn,
    success: withoutKeeping(txn.success, isInner),
    failure: withoutKeeping(txn.failure, isInner),
  };
}

function harmless(step: Step): Step {
  if (step.type !== 'request' || step.request.type !== 'txn') return step;
  return { ...step, request: harmlessTxn(step.request, false) };
}

const LETTERS = ['a', 'b', 'c'];
const LEASES = [1, 2, 3];

function other(draw: Draw, withWatches: boolean): Step {
  const letter = draw.of(LETTERS);
  const made = [
    () => on(letter, leases()),
    () => on(letter, compact(draw.of([1, 2, 3, 5, 8, 99]))),
    () => on(letter, range('a', { rangeEnd: FROM_KEY, revision: draw.of([1, 2, 5]) })),
    () => on(letter, revoke(draw.of([1, 2, 3, 4]))),
    () => on(letter, keepAlive(draw.of([1, 2, 9]))),
    () => close(letter),
    ...(withWatches ? [] : [() => on(letter, timeToLive(draw.of([1, 2, 9]), true))]),
  ];
  return draw.of(made)();
}

const steps = (withWatches: boolean, most: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 10, arbitrary: drawn((draw) => harmless(randomStep(draw, withWatches))) },
      { weight: 1, arbitrary: drawn((draw) => other(draw, withWatches)) },
    ),
    { minLength: 1, maxLength: most, size: 'max' },
  );

const BEGINNING = [on('a', grant(1, 100)), on('a', grant(2, 100))];
/** A connection of its own looks at everything. */
const ENDING = [on('z', range('a', { rangeEnd: FROM_KEY })), on('z', leases())];

const sequenceOf = (middle: readonly Step[]): Sequence => ({
  name: 'generated',
  steps: [...BEGINNING, ...middle, ...ENDING],
});

/**
 * Between phases, in milliseconds: a lease of two seconds that began in one of them ends in the
 * second pause after it, so long before and after that no loop of the server makes a difference.
 */
const PAUSES_MS = [1500, 1300, 1500];

function ofLeases(draw: Draw): Step {
  const letter = draw.of(LETTERS);
  const id = draw.of(LEASES);
  const made = [
    () => on(letter, grant(id, 1 + draw.below(2))),
    () => on(letter, keepAlive(id)),
    () => on(letter, timeToLive(id, true)),
    () => on(letter, revoke(id)),
    () => on(letter, randomPut(draw)),
    () => on(letter, leases()),
    () => on(letter, range('a', { rangeEnd: FROM_KEY })),
  ];
  return draw.of(made)();
}

const phase = fc.array(drawn(ofLeases), { minLength: 1, maxLength: 3 });
const watching = fc.option(
  drawn((draw) => on('c', { ...randomWatch(draw), startRevision: 0 })),
  { nil: undefined },
);

const ENDS_OF_LEASES: fc.Arbitrary<Sequence> = fc
  .tuple(
    watching,
    fc.array(phase, { minLength: PAUSES_MS.length + 1, maxLength: PAUSES_MS.length + 1 }),
  )
  .map(([watch, phases]) => {
    const begins = [on('a', grant(1, 2)), on('a', grant(2, 1))];
    const middle = phases.flatMap((each, at) => [
      ...(at === 0 ? [] : [wait(PAUSES_MS[at - 1]!)]),
      ...each,
    ]);
    const first = watch === undefined ? [] : [watch];
    return { name: 'generated', steps: [...begins, ...first, ...middle, ...ENDING] };
  });

/** Those that take no time. */
export const UNTIMED: fc.Arbitrary<Sequence> = steps(false, 60).map(sequenceOf);

export const SEQUENCES: fc.Arbitrary<Sequence> = fc.oneof(
  { weight: 70, arbitrary: UNTIMED },
  { weight: 25, arbitrary: steps(true, 25).map(sequenceOf) },
  { weight: 5, arbitrary: ENDS_OF_LEASES },
);
