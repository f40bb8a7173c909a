/** Messages of ZooKeeper: requests as a client writes them, answers made by hand. */
import { describe, expect, test } from 'vitest';
import { encode } from '../../../src/real/client/zookeeper-requests.js';
import { zookeeperFraming } from '../../../src/real/proxy/zookeeper.js';
import {
  CREATE_MODE,
  OPEN_ACL_UNSAFE,
  type Request,
} from '../../../src/sim/servers/zookeeper/messages.js';
import { framesInAnyPieces } from './pieces.js';

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const long = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const text = (value: string) => Buffer.concat([int32(value.length), Buffer.from(value)]);
const record = (...parts: Buffer[]) => {
  const content = Buffer.concat(parts);
  return Buffer.concat([int32(content.length), content]);
};

const connect: Request = {
  type: 'connect',
  sessionId: 0,
  password: '',
  timeoutMs: 4_000,
  lastZxidSeen: 0,
};
const connected = record(int32(0), int32(4_000), long(77n), int32(16), Buffer.alloc(16));
const answer = (xid: number, error = 0, ...parts: Buffer[]) =>
  record(int32(xid), long(9n), int32(error), ...parts);

const CREATE = {
  type: 'create2',
  path: '/k/lock-',
  data: 'A1',
  acl: OPEN_ACL_UNSAFE,
  flags: CREATE_MODE.ephemeralSequential,
} as const;
const REQUESTS: readonly Request[] = [
  { ...CREATE, xid: 1 },
  { ...CREATE, type: 'createContainer', data: null, flags: CREATE_MODE.container, xid: 2 },
  { type: 'delete', path: '/k/lock-1', version: -1, xid: 3 },
  { type: 'exists', path: '/k/lock-1', watch: true, xid: 4 },
  { type: 'getData', path: '/k/lock-1', watch: false, xid: 5 },
  { type: 'getChildren', path: '/k', watch: false, xid: 6 },
  { type: 'setData', path: '/k', data: '', version: 3, xid: 7 },
  { type: 'sync', path: '/k', xid: 8 },
  {
    type: 'multi',
    operations: [
      { type: 'check', path: '/k', version: 1 },
      CREATE,
      { type: 'delete', path: '/k/x', version: 0 },
    ],
    xid: 9,
  },
  {
    type: 'setWatches',
    relativeZxid: 5,
    dataWatches: ['/k'],
    existWatches: [],
    childWatches: ['/k', '/l'],
    persistentWatches: [],
    persistentRecursiveWatches: [],
    xid: -8,
  },
  { type: 'closeSession', xid: 10 },
];

describe('messages of ZooKeeper', () => {
  test('a request is read as it was written', () => {
    const bytes = Buffer.concat([connect, ...REQUESTS].map(encode));
    const frames = framesInAnyPieces(zookeeperFraming, [['requests', bytes]]);
    expect(frames.map(({ body }) => body)).toEqual([connect, ...REQUESTS]);
    expect(frames.some(({ passes }) => passes)).toBe(false);
  });

  test('who goes on with a session is read with its password', () => {
    const again = { ...connect, sessionId: 77, password: `${'0'.repeat(14)}4d${'ab'.repeat(16)}` };
    const [frame] = framesInAnyPieces(zookeeperFraming, [['requests', encode(again)]]);
    expect(frame?.body).toEqual(again);
  });

  test('heartbeats pass in both directions', () => {
    const asked = Buffer.concat([encode(connect), encode({ type: 'ping', xid: -2 })]);
    const told = Buffer.concat([connected, answer(-2)]);
    const frames = framesInAnyPieces(zookeeperFraming, [
      ['requests', asked],
      ['replies', told],
    ]);
    expect(frames.map(({ passes }) => passes)).toEqual([undefined, true, undefined, true]);
  });

  test('answers are read by what was asked, and watches come in between', () => {
    const sync = { type: 'sync', path: '/k', xid: 1 } as const;
    const children = { type: 'getChildren', path: '/k', watch: true, xid: 2 } as const;
    const exists = { type: 'exists', path: '/k/x', watch: true, xid: 3 } as const;
    const asked = Buffer.concat([connect, sync, children, exists].map(encode));
    const told = Buffer.concat([
      connected,
      answer(1, 0, text('/k')),
      answer(-1, 0, int32(4), int32(3), text('/k')),
      answer(2, 0, int32(2), text('a'), text('b')),
      answer(3, -101),
    ]);
    const frames = framesInAnyPieces(zookeeperFraming, [
      ['requests', asked],
      ['replies', told],
    ]);
    const replies = frames.slice(4).map(({ text: words, isNews = false }) => [words, isNews]);
    expect(replies).toEqual([
      ['connected, session 77, timeout 4000 ms', false],
      ['/k', false],
      ['NodeChildrenChanged /k', true],
      ['[a, b]', false],
      ['KeeperErrorCode = NONODE', false],
    ]);
  });

  test('a server without a leader ends connections; a busy one answers the request', () => {
    const { refusal } = zookeeperFraming();
    const request = {
      bytes: Buffer.alloc(0),
      text: '',
      body: { type: 'sync', path: '/k', xid: 4 },
    };
    expect(refusal('ZooKeeperServer not running', request)).toEqual({ ends: true });
    const bytes = answer(4, -127);
    // It says nothing of its transactions.
    bytes.writeBigInt64BE(0n, 8);
    expect(refusal('ThrottledOp', request)).toMatchObject({ reply: { bytes } });
    for (const type of ['connect', 'closeSession']) {
      const goesOn = { ...request, body: { type, xid: 5 } };
      expect(refusal('ThrottledOp', goesOn)).toEqual({ instead: goesOn });
    }
  });
});
