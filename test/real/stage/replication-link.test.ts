/** A replica hears its primary late, and not at all once it is cut off. */
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { ReplicationLink } from '../../../src/real/stage/replication-link.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A primary and a replica at the ends of a link, and what each has heard. */
async function linked() {
  const heard = { primary: '', replica: '' };
  let joined: (socket: Socket) => void = () => {};
  const primary = new Promise<Socket>((resolve) => {
    joined = resolve;
  });
  const listener = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        heard.primary += String(bytes);
      });
    joined(socket);
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const { port } = listener.address() as { port: number };
  const link = await ReplicationLink.open({ host: '127.0.0.1', port });
  const replica = connect(link).on('error', () => {});
  replica.on('data', (bytes) => {
    heard.replica += String(bytes);
  });
  closing.push(
    () => replica.destroy(),
    () => link.close(),
    () => listener.close(),
  );
  return { link, primary: await primary, replica, heard };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000 && !isTrue(); tries++) await pause(1);
}

test('both hear each other', async () => {
  const { primary, replica, heard } = await linked();
  primary.write('SET a');
  replica.write('ACK 5');
  await until(() => heard.replica !== '' && heard.primary !== '');
  expect(heard).toEqual({ primary: 'ACK 5', replica: 'SET a' });
});

test('what is late comes in order', async () => {
  const { link, primary, heard } = await linked();
  link.lag(60);
  primary.write('1');
  await pause(20);
  primary.write('2');
  await pause(5);
  expect(heard.replica).toBe('');
  await until(() => heard.replica.length === 2);
  expect(heard.replica).toBe('12');
});

test('who is cut off gets what was on its way, and nothing more; its primary hears no thanks', async () => {
  const { link, primary, replica, heard } = await linked();
  link.lag(60_000);
  primary.write('1');
  await until(() => primary.bytesWritten === 1);
  await pause(20);
  link.cutOff();
  await until(() => heard.replica !== '');
  primary.write('2');
  replica.write('ACK');
  await pause(30);
  expect(heard).toEqual({ primary: '', replica: '1' });
  expect(primary.destroyed).toBe(false);
});
