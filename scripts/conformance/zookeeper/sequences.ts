/**
 * Sequences of requests for ZooKeeper, in the language of the recordings: three sessions on a small
 * tree, which close, lose their connections and come back.
 */
import fc from 'fast-check';
import { type Sequence, sequence } from '../../record/zookeeper/sequence.js';
import { POOLS, TEMPLATES } from '../../record/zookeeper/sequences/random.js';

const MORE: readonly (readonly [weight: number, template: string])[] = [
  [1, 'create {path} {data} {kind} {acl}'],
  [1, 'create {path} {data} t'],
  [1, 'delete /t/a/x 0'],
  [1, 'create {odd} {data} {kind}'],
  [1, 'exists {odd} w'],
  [1, 'ls {path} w'],
  [1, 'get {taken} w'],
  [1, 'set {taken} {data} {version}'],
  [1, 'setWatches zxid+{seen} data={path} exist={path} child={path}'],
  [1, 'setWatches zxid+{seen} persistent={path} recursive={path}'],
  [1, 'multi check {path} {version}'],
  [1, 'multi create {parent} {data} {sequential}; create {parent} {data} {sequential}'],
  [1, 'multi set {path} {data} {version}; set {path} {data} 1; delete {path} {version}'],
  [1, 'multi create {path} {data} e; create {path}/n {data} p'],
  [1, 'multi delete {taken}; create {path} {data} {kind} {acl}'],
  [1, 'ephemerals {path}'],
  [1, 'ping'],
];

const OWN_POOLS: Readonly<Record<string, readonly string[]>> = {
  acl: ['open', 'read', 'none', 'nobody'],
  odd: ['/t/', '/t//x', '/t/../x', '/t/.', 't', '/t/a/'],
  seen: ['0', '1', '3', '5', '9'],
};

function filled(template: string): fc.Arbitrary<string> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const pools = names.map((name) => fc.constantFrom(...(OWN_POOLS[name] ?? POOLS[name]!)));
  return fc.tuple(...pools).map((words) => {
    let at = 0;
    return template.replace(/\{\w+\}/g, () => words[at++]!).trim();
  });
}

const request = fc.oneof(
  ...[...TEMPLATES, ...MORE].map(([weight, template]) => ({
    weight,
    arbitrary: filled(template),
  })),
);

/** What becomes of a session; `again` is how it comes back. */
const turn = fc.constantFrom('close', 'drop', 'again', 'again', 'anew', 'wrong', 'ahead');

const LETTERS = ['a', 'b', 'c'];
const letter = fc.constantFrom(...LETTERS);

interface Step {
  readonly letter: string;
  readonly request?: string;
  readonly turn?: string;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(letter, request).map(([of, text]) => ({ letter: of, request: text })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(letter, turn).map(([of, what]) => ({ letter: of, turn: what })),
  },
);

/** How a connection that is gone comes back, or tries to. */
const RETURNS: Readonly<Record<string, (letter: string) => string>> = {
  again: (of) => `${of}: connect 8000 as ${of}`,
  anew: (of) => `${of}: connect 8000`,
  wrong: (of) => `${of}: connect 8000 as ${of} wrong`,
  ahead: (of) => `${of}: connect 8000 as ${of} zxid+900`,
};

/** Leaves out what makes no sense: requests without a connection, a second connection. */
function lines(steps: readonly Step[]): string[] {
  const connected = new Set(LETTERS);
  const ended = new Set<string>();
  return steps.flatMap(({ letter: of, request: text, turn: what }) => {
    if (text !== undefined) return connected.has(of) ? [`${of}: ${text}`] : [];
    if (what === 'close' || what === 'drop') {
      if (!connected.delete(of)) return [];
      if (what === 'close') ended.add(of);
      return what === 'close' ? [`${of}: close`] : [`(drop ${of})`];
    }
    if (connected.has(of)) return [];
    if (what === 'anew') ended.delete(of);
    if (what === 'anew' || (what === 'again' && !ended.has(of))) connected.add(of);
    return [RETURNS[what!]!(of)];
  });
}

const BEGINNING = ['connect 8000', 'b: connect 8000', 'c: connect 8000', 'create /t/a 0'];
const PATHS = [...POOLS['path']!, '/t/c/x'];
/** A session of its own looks at everything. */
const ENDING = [
  'z: connect 8000',
  ...PATHS.map((path) => `z: ls2 ${path}`),
  ...[...PATHS, ...POOLS['taken']!].map((path) => `z: get ${path}`),
];

export const SEQUENCES: fc.Arbitrary<Sequence> = fc
  .array(step, { minLength: 1, maxLength: 80, size: 'max' })
  .map((steps) => sequence('generated', [...BEGINNING, ...lines(steps), ...ENDING].join('\n')));
