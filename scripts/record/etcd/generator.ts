/**
 * Random sequences over a small space of keys: what nobody would think of writing down. A seed
 * gives the same sequences for ever, whatever was drawn before.
 */
import { mix, type SeedKey, scale } from '../../../src/random.js';
import { seedKey } from '../../../src/seed-key.js';
import type {
  Compare,
  EtcdRequest,
  Operation,
  RangeRequest,
  WatchCreateRequest,
} from '../../../src/sim/servers/etcd/messages.js';
import {
  cancel,
  compare,
  FROM_KEY,
  grant,
  keepAlive,
  put,
  range,
  remove,
  revoke,
  timeToLive,
  txn,
  watch,
} from './requests.js';
import { on, type Sequence, type Step, waiting } from './sequence.js';

const SEED = 'holdfast etcd recordings';
const LENGTH = 18;

/** Draws for one sequence, from numbers below n. */
export class Draw {
  constructor(readonly below: (n: number) => number) {}

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  flag(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

/** Each draw at its own place. */
function seeded(key: SeedKey, index: number): Draw {
  let count = 0;
  return new Draw((n) => {
    count += 1;
    return scale(mix(key, index, count, 0, 0), n);
  });
}

const KEYS = ['a', 'b', 'ba', 'c', 'd', 'é'];
const ENDS = ['', '', '', 'b', 'c', 'e', FROM_KEY];
const VALUES = ['', '1', '2', 'é'];
const LEASES = [1, 2, 3];
const REVISIONS = [0, 0, 0, 1, 2, 3, 5, 8, 13, 99];

function randomRange(draw: Draw): RangeRequest {
  return range(draw.of(KEYS), {
    rangeEnd: draw.of(ENDS),
    limit: draw.flag(3) ? draw.below(4) : 0,
    revision: draw.flag(3) ? draw.of(REVISIONS) : 0,
    sortOrder: draw.of(['none', 'none', 'ascend', 'descend'] as const),
    sortTarget: draw.of(['key', 'key', 'version', 'create', 'mod', 'value'] as const),
    serializable: draw.flag(3),
    keysOnly: draw.flag(4),
    countOnly: draw.flag(6),
    minModRevision: draw.flag(6) ? draw.of(REVISIONS) : 0,
    maxModRevision: draw.flag(6) ? draw.of(REVISIONS) : 0,
    minCreateRevision: draw.flag(6) ? draw.of(REVISIONS) : 0,
    maxCreateRevision: draw.flag(6) ? draw.of(REVISIONS) : 0,
  });
}

export function randomPut(draw: Draw): EtcdRequest & Operation {
  const ignoreValue = draw.flag(6);
  const ignoreLease = draw.flag(6);
  return put(draw.of(KEYS), ignoreValue && !draw.flag(5) ? '' : draw.of(VALUES), {
    lease: (ignoreLease && !draw.flag(5)) || draw.flag(2) ? 0 : draw.of(LEASES),
    prevKv: draw.flag(3),
    ignoreValue,
    ignoreLease,
  });
}

function randomDelete(draw: Draw): EtcdRequest & Operation {
  return remove(draw.of(KEYS), { rangeEnd: draw.of(ENDS), prevKv: draw.flag(2) });
}

function randomCompare(draw: Draw): Compare {
  const target = draw.of(['version', 'create', 'mod', 'value', 'lease'] as const);
  const operand = {
    version: [0, 1, 2],
    create: REVISIONS,
    mod: REVISIONS,
    value: VALUES,
    lease: [0, ...LEASES],
  };
  return compare(
    target,
    draw.of(KEYS),
    draw.of(['=', '!=', '<', '>'] as const),
    draw.of<number | string>(operand[target]),
    draw.flag(4) ? draw.of(ENDS) : '',
  );
}

function randomTxn(draw: Draw, depth: number): EtcdRequest & Operation {
  const operation = (): Operation => {
    if (depth < 2 && draw.flag(7)) return randomTxn(draw, depth + 1);
    return draw.of([randomRange, randomPut, randomPut, randomDelete])(draw);
  };
  return txn(
    draw.list(2, () => randomCompare(draw)),
    draw.list(3, operation),
    draw.list(2, operation),
  );
}

/** What is left of a lease is asked for only where nothing takes its time. */
function randomLeaseRequest(draw: Draw, withWatches: boolean): EtcdRequest {
  const id = draw.of(LEASES);
  const asked = draw.below(6);
  if (asked < 3) return grant(id, 100 + draw.below(3));
  if (asked === 3) return keepAlive(id);
  return asked === 4 || withWatches ? revoke(id) : timeToLive(id, true);
}

export function randomWatch(draw: Draw): WatchCreateRequest {
  return watch(draw.of(KEYS), {
    rangeEnd: draw.of(ENDS),
    startRevision: draw.flag(2) ? draw.of(REVISIONS) : 0,
    prevKv: draw.flag(2),
    noPut: draw.flag(6),
    noDelete: draw.flag(6),
    watchId: draw.flag(6) ? 1 + draw.below(2) : 0,
  });
}

export function randomStep(draw: Draw, withWatches: boolean): Step {
  const letter = draw.of(['a', 'a', 'b']);
  if (withWatches && draw.flag(6)) return on(letter, randomWatch(draw));
  if (withWatches && draw.flag(20)) return waiting(letter, cancel(draw.below(2)));
  const make = draw.of([
    randomPut,
    randomPut,
    randomDelete,
    randomRange,
    randomRange,
    (of: Draw) => randomTxn(of, 0),
    (of: Draw) => randomTxn(of, 0),
    (of: Draw) => randomLeaseRequest(of, withWatches),
    (of: Draw) => randomLeaseRequest(of, withWatches),
  ]);
  return on(letter, make(draw));
}

/** Every fourth one has watches, which take their time to record. */
export function randomSequence(index: number): Sequence {
  const draw = seeded(seedKey(SEED), index);
  const withWatches = index % 4 === 3;
  const steps = [
    on('a', grant(1, 100)),
    on('a', grant(2, 100)),
    ...Array.from({ length: LENGTH }, () => randomStep(draw, withWatches)),
    on('a', range('a', { rangeEnd: FROM_KEY })),
  ];
  return { name: `random ${index}`, steps };
}
