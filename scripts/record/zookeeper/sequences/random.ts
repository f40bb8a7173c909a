/**
 * Random sequences over a small tree and three sessions: what nobody would think of writing down.
 * A seed gives the same sequences for ever, whatever was drawn before.
 */
import { mix, type SeedKey, scale } from '../../../../src/random.js';
import { seedKey } from '../../../../src/seed-key.js';
import { type Sequence, sequence } from '../sequence.js';

const SEED = 'holdfast recordings of zookeeper';

/** Draws for one sequence, each at its own place. */
class Draw {
  private count = 0;

  constructor(
    private readonly key: SeedKey,
    private readonly index: number,
  ) {}

  below(n: number): number {
    this.count += 1;
    return scale(mix(this.key, this.index, this.count, 1, 0), n);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

export const POOLS: Readonly<Record<string, readonly string[]>> = {
  path: ['/t/a', '/t/b', '/t/c', '/t/a/x', '/t/a/y', '/t/b/x', '/t/a/x/1', '/t'],
  parent: ['/t/a/', '/t/b/', '/t/', '/t/a/x/', '/t/a/s-', '/t/lock-'],
  taken: ['/t/lock-0000000000', '/t/lock-0000000001', '/t/a/0000000000', '/t/a/s-0000000001'],
  kind: ['p', 'p', 'p', 'e', 'e', 'c'],
  sequential: ['ps', 'es', 'es'],
  data: ['1', '2', '""', '-', 'é'],
  version: ['-1', '-1', '0', '1', '2'],
  watch: ['w', 'w', ''],
  type: ['any', 'data', 'children'],
  mode: ['persistent', 'recursive'],
};

/** Requests, and how often each is drawn. */
export const TEMPLATES: readonly (readonly [times: number, template: string])[] = [
  [6, 'create {path} {data} {kind}'],
  [2, 'create2 {path} {data} {kind}'],
  [4, 'create {parent} {data} {sequential}'],
  [4, 'delete {path} {version}'],
  [2, 'delete {taken}'],
  [4, 'set {path} {data} {version}'],
  [3, 'exists {path} {watch}'],
  [3, 'get {path} {watch}'],
  [3, 'ls {path} {watch}'],
  [2, 'ls2 {path} {watch}'],
  [1, 'sync {path}'],
  [1, 'ephemerals /t'],
  [1, 'addWatch {path} {mode}'],
  [1, 'removeWatches {path} {type}'],
  [2, 'multi create {path} {data} {kind}; set {path} {data} {version}'],
  [1, 'multi check {path} {version}; delete {path}; create {parent} {data} {sequential}'],
  [1, 'multi delete {path}; create {path} {data} {kind}; check {path} {version}'],
];
const WEIGHTED = TEMPLATES.flatMap(([times, template]) => Array<string>(times).fill(template));

function fill(template: string, draw: Draw): string {
  return template.replace(/\{(\w+)\}/g, (_all, pool: string) => draw.of(POOLS[pool]!)).trim();
}

/** Random sequence number `index`: three sessions, the last of which may close or change hands. */
export function randomSequence(index: number): Sequence {
  const draw = new Draw(seedKey(SEED), index);
  const lines = ['connect 8000', 'b: connect 8000', 'c: connect 8000', 'create /t/a 0'];
  const length = 12 + draw.below(14);
  for (let step = 0; step < length; step++) {
    lines.push(`${draw.of(['a', 'b', 'c'])}: ${fill(draw.of(WEIGHTED), draw)}`);
  }
  const ending = draw.below(3);
  if (ending === 0) lines.push('c: close');
  if (ending === 1) lines.push('(drop c)', 'd: connect 8000 as c', 'd: ephemerals /t', 'd: close');
  return sequence(`random ${index}`, [...lines, 'ls2 /t', 'exists /t/a', 'ls /t/a'].join('\n'));
}
