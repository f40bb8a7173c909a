/** A server can be cut off from its peers: what is held is silence, and goes on afterwards. */
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { LOOPBACK, listenOnLoopback } from '../../../src/real/loopback.js';
import { readHead } from '../../../src/real/stage/etcd-peers.js';
import { PeerLink, type ReadGreeting } from '../../../src/real/stage/peer-link.js';
import { calledBack } from '../../../src/real/stage/zookeeper-peers.js';

const closing: (() => void)[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  sockets.length = 0;
  for (const close of closing.splice(0)) close();
});

/** A link to a server that says in capitals what it hears. */
async function linked(readGreeting?: ReadGreeting) {
  const heard: string[] = [];
  const listener = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.on('data', (bytes) => {
      heard.push(String(bytes));
      socket.write(String(bytes).toUpperCase());
    });
  });
  const port = await listenOnLoopback(listener);
  const link = await PeerLink.open({ host: LOOPBACK, port }, readGreeting);
  closing.push(
    () => link.close(),
    () => listener.close(),
  );
  return { link, heard };
}

function dial(link: PeerLink) {
  const answers: string[] = [];
  const peer: Socket = connect(link).on('error', () => {});
  peer.on('data', (bytes) => answers.push(String(bytes)));
  closing.push(() => peer.destroy());
  return { peer, answers };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000 && !isTrue(); tries++) await pause(1);
}

test('what is held waits, in both directions, and then goes on', async () => {
  const { link, heard } = await linked();
  const { peer, answers } = dial(link);
  peer.write('a');
  await until(() => answers.length > 0);
  link.hold(() => true);
  peer.write('b');
  await pause(30);
  expect([heard, answers]).toEqual([['a'], ['A']]);
  expect(peer.destroyed).toBe(false);
  link.release();
  await until(() => answers.length > 1);
  expect([heard, answers]).toEqual([
    ['a', 'b'],
    ['A', 'B'],
  ]);
});

test('who dials meanwhile is taken, and hears nothing', async () => {
  const { link, heard } = await linked();
  link.hold(() => true);
  const { peer, answers } = dial(link);
  peer.write('a');
  await pause(30);
  expect([heard, peer.connecting, peer.destroyed]).toEqual([[], false, false]);
  link.release();
  await until(() => answers.length > 0);
  expect(answers).toEqual(['A']);
});

test('that one end is closed the other hears afterwards', async () => {
  const { link, heard } = await linked();
  const { peer, answers } = dial(link);
  let isClosed = false;
  peer.on('close', () => {
    isClosed = true;
  });
  peer.write('a');
  await until(() => answers.length > 0);
  link.hold(() => true);
  for (const socket of sockets) socket.end();
  await pause(30);
  expect([heard, isClosed]).toEqual([['a'], false]);
  link.release();
  await until(() => isClosed);
  expect(isClosed).toBe(true);
});

test('only who is meant is held: requests say whose they are', async () => {
  const { link } = await linked(readHead);
  const [meant, other] = [dial(link), dial(link)];
  link.hold((from) => from === 'ab12');
  meant.peer.write('GET / HTTP/1.1\r\nX-Server-From: ab12\r\n\r\n');
  other.peer.write('GET / HTTP/1.1\r\nX-Server-From: cd34\r\n');
  await pause(10);
  other.peer.write('\r\n');
  await until(() => other.answers.length > 0);
  expect(other.answers.join('')).toContain('CD34');
  expect(meant.answers).toEqual([]);
});

test('a link that ends takes its connections along', async () => {
  const { link } = await linked();
  const { peer } = dial(link);
  let isClosed = false;
  peer.on('close', () => {
    isClosed = true;
  });
  peer.write('a');
  await pause(10);
  link.close();
  await until(() => isClosed);
  expect(isClosed).toBe(true);
});

/** As QuorumCnxManager sends it: version, number of the server, where it listens. */
function initialMessage(place: string): Buffer {
  const head = Buffer.alloc(20);
  head.writeBigInt64BE(-65_536n);
  head.writeBigInt64BE(2n, 8);
  head.writeInt32BE(place.length, 16);
  return Buffer.concat([head, Buffer.from(place)]);
}

test('a server of an ensemble is called back by the way that it can be cut off on', () => {
  const said = initialMessage('127.0.0.1:23456');
  const rest = Buffer.from('votes');
  const greeting = calledBack(Buffer.concat([said, rest]), 9_999);
  const meant = Buffer.concat([initialMessage('127.0.0.1:9999'), rest]);
  expect(greeting?.bytes.equals(meant)).toBe(true);
  expect([said.subarray(0, 19), said.subarray(0, 30)].map((part) => calledBack(part, 1))).toEqual([
    undefined,
    undefined,
  ]);
});

test('a server that does not listen yet is waited for', async () => {
  const early = createServer();
  const port = await listenOnLoopback(early);
  await new Promise((closed) => early.close(closed));
  const link = await PeerLink.open({ host: LOOPBACK, port });
  const { peer, answers } = dial(link);
  peer.write('a');
  await pause(30);
  peer.write('b');
  const listener = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  closing.push(
    () => link.close(),
    () => listener.close(),
  );
  await listenOnLoopback(listener, port);
  await until(() => answers.join('') === 'ab');
  expect([answers.join(''), peer.destroyed]).toEqual(['ab', false]);
});
