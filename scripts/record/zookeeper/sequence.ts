/**
 * The language sequences are written in: one request a line, on connection a unless the line begins
 * with another. Each runs below a new znode /t.
 *
 *     b: connect 8000                     a new session on connection b, which opens
 *     c: connect 8000 as b                connection c goes on with b's session
 *     connect 8000 as b wrong             with a password that is not its
 *     connect 8000 zxid+5                 a client that has seen what is not there yet
 *     create /t/x data es                 kind: p e ps es c t; then an ACL: creator, read, none
 *     create2, delete /t/x 3, set /t/x data 3, sync /t, ping, close, ephemerals /t
 *     exists /t/x w                       also get, ls, ls2; w: with a watch
 *     multi check /t/x 0; create /t/y d e; delete /t/x
 *     setWatches zxid+3 data=/t/x exist=/t/y child=/t persistent=/t recursive=/t
 *     addWatch /t persistent              or recursive
 *     removeWatches /t any                or data, children
 *     (wait 30)                           30 ms pass
 *     (drop b)                            the client's end of connection b is gone
 *     connect 8000 at 2                   in an ensemble: at a follower (1 is the leader at first)
 *     (isolate 2), (rejoin 2)             the other servers do not reach it, and do again
 *     (kill 1)                            it dies; of the rest 3 becomes the leader
 *
 * `-` is no data at all, `""` is empty data. Words may be quoted as JSON strings.
 */
import {
  type Acl,
  CREATE_MODE,
  CREATOR_ALL_ACL,
  OPEN_ACL_UNSAFE,
  type Operation,
  READ_ACL_UNSAFE,
  type RequestBody,
} from '../../../src/sim/servers/zookeeper/messages.js';
import { words } from '../redis/sequence.js';
import type { GoldenConnect, GoldenRequest } from './format.js';

export type SequenceStep =
  | { readonly type: 'request'; readonly connection: number; readonly request: GoldenRequest }
  | { readonly type: 'wait'; readonly waitMs: number }
  | { readonly type: 'drop'; readonly connection: number }
  | { readonly type: 'isolate' | 'rejoin' | 'kill'; readonly member: number };

export interface Sequence {
  readonly name: string;
  readonly steps: readonly SequenceStep[];
  /** On a server that was started for it. */
  readonly fresh?: true;
}

const FLAGS: Readonly<Record<string, number>> = {
  p: CREATE_MODE.persistent,
  e: CREATE_MODE.ephemeral,
  ps: CREATE_MODE.persistentSequential,
  es: CREATE_MODE.ephemeralSequential,
  c: CREATE_MODE.container,
  t: CREATE_MODE.persistentWithTtl,
  ts: CREATE_MODE.persistentSequentialWithTtl,
};

const ACLS: Readonly<Record<string, readonly Acl[]>> = {
  open: OPEN_ACL_UNSAFE,
  creator: CREATOR_ALL_ACL,
  read: READ_ACL_UNSAFE,
  none: [],
  nobody: [{ perms: 31, scheme: 'nobody', id: 'x' }],
  somebody: [{ perms: 31, scheme: 'world', id: 'somebody' }],
  'no-delete': [{ perms: 23, scheme: 'world', id: 'anyone' }],
};

function data(word: string | undefined): string | null {
  return word === '-' || word === undefined ? null : word;
}

function create(type: 'create' | 'create2', args: readonly string[]): Operation {
  const [path = '', text, kind = 'p', acl = 'open'] = args;
  const flags = FLAGS[kind] ?? Number(kind);
  const shared = { path, data: data(text), acl: ACLS[acl]!, flags };
  if (kind === 'c') return { type: 'createContainer', ...shared };
  return { type: kind.startsWith('t') ? 'createTTL' : type, ...shared };
}

function operation(args: readonly string[]): Operation | undefined {
  const [verb, path = '', ...rest] = args;
  switch (verb) {
    case 'create':
    case 'create2':
      return create(verb, args.slice(1));
    case 'delete':
    case 'check':
      return { type: verb, path, version: Number(rest[0] ?? -1) };
    case 'set':
      return { type: 'setData', path, data: data(rest[0]), version: Number(rest[1] ?? -1) };
    default:
      return undefined;
  }
}

const READS = { exists: 'exists', get: 'getData', ls: 'getChildren', ls2: 'getChildren2' } as const;

function other(args: readonly string[]): RequestBody {
  const [verb = '', path = '', option = ''] = args;
  switch (verb) {
    case 'exists':
    case 'get':
    case 'ls':
    case 'ls2':
      return { type: READS[verb], path, watch: option === 'w' };
    case 'sync':
      return { type: 'sync', path };
    case 'ephemerals':
      return { type: 'getEphemerals', path };
    case 'ping':
      return { type: 'ping' };
    case 'close':
      return { type: 'closeSession' };
    case 'addWatch':
      return { type: 'addWatch', path, mode: watchMode(option) };
    case 'removeWatches':
      return { type: 'removeWatches', path, watcherType: option as 'any' | 'data' | 'children' };
    case 'setWatches':
      return setWatches(args);
    default:
      throw new Error(`unknown request: ${args.join(' ')}`);
  }
}

function watchMode(word: string): 'persistent' | 'persistent-recursive' {
  return word === 'recursive' ? 'persistent-recursive' : 'persistent';
}

function setWatches(args: readonly string[]): RequestBody {
  const list = (name: string) =>
    args.flatMap((word) =>
      word.startsWith(`${name}=`) ? word.slice(name.length + 1).split(',') : [],
    );
  return {
    type: 'setWatches',
    relativeZxid: Number(args[1]!.replace('zxid', '')),
    dataWatches: list('data'),
    existWatches: list('exist'),
    childWatches: list('child'),
    persistentWatches: list('persistent'),
    persistentRecursiveWatches: list('recursive'),
  };
}

function connect(args: readonly string[]): GoldenConnect {
  const as = args.indexOf('as');
  const at = args.indexOf('at');
  const zxid = args.find((word) => word.startsWith('zxid'));
  return {
    type: 'connect',
    timeoutMs: Number(args[1]),
    ...(as < 0 ? {} : { session: connectionNumber(args[as + 1]!) }),
    ...(at < 0 ? {} : { member: Number(args[at + 1]) }),
    ...(args.includes('wrong') ? { wrongPassword: true as const } : {}),
    ...(zxid === undefined ? {} : { lastZxidSeen: Number(zxid.replace('zxid', '')) }),
  };
}

/** One request, without its connection. */
export function parseRequest(text: string): GoldenRequest {
  if (text === 'multi') return { type: 'multi', operations: [] };
  if (text.startsWith('multi ')) {
    const operations = text.slice('multi '.length).split('; ');
    return { type: 'multi', operations: operations.map((each) => operation(words(each))!) };
  }
  const args = words(text);
  if (args[0] === 'connect') return connect(args);
  const change = operation(args);
  return change === undefined || change.type === 'check' ? other(args) : change;
}

function connectionNumber(letter: string): number {
  return letter.charCodeAt(0) - 'a'.charCodeAt(0);
}

function parseLine(line: string): SequenceStep {
  const wait = /^\(wait (\d+)\)$/.exec(line);
  if (wait !== null) return { type: 'wait', waitMs: Number(wait[1]) };
  const drop = /^\(drop ([a-z])\)$/.exec(line);
  if (drop !== null) return { type: 'drop', connection: connectionNumber(drop[1]!) };
  const cut = /^\((isolate|rejoin|kill) (\d)\)$/.exec(line);
  if (cut !== null)
    return { type: cut[1] as 'isolate' | 'rejoin' | 'kill', member: Number(cut[2]) };
  const [, letter = 'a', text = ''] = /^(?:([a-z]): )?(.*)$/.exec(line)!;
  return {
    type: 'request',
    connection: connectionNumber(letter),
    request: parseRequest(text),
  };
}

/** Reads a sequence. Unless it says otherwise, connection a has a session of 8 s first. */
export function sequence(name: string, text: string): Sequence {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const begins = lines.some((line) => /^(a: )?connect /.test(line));
  return { name, steps: (begins ? lines : ['connect 8000', ...lines]).map(parseLine) };
}

/** Sequences of which only one line each is of interest, after the same beginning. */
export function table(about: string, beginning: string, lines: string): Sequence[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => sequence(`${about}: ${line}`, `${beginning}\n${line.replaceAll(' | ', '\n')}`));
}
