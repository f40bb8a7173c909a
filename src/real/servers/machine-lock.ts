/**
 * One command at a time changes what is up. The lock is a socket with a name and no file: the
 * kernel gives it to one process, and takes it back when that process ends, however it ends.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ourselves, stateFolder } from './state.js';
import { ServerTrouble } from './trouble.js';

const LIMIT_MS = 120_000;
const POLL_MS = 50;

/** `undefined` while somebody else has it. */
function take(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}

/** @throws ServerTrouble if another command does not come to its end. */
export async function alone<T>(body: () => Promise<T>): Promise<T> {
  // First of all whether this machine is one that has such sockets.
  ourselves();
  // An abstract address (unix(7)), another one for each folder of records.
  const folder = createHash('sha256').update(stateFolder()).digest('hex').slice(0, 32);
  const name = `\0holdfast-servers-${folder}`;
  const end = performance.now() + LIMIT_MS;
  let server = await take(name);
  while (server === undefined) {
    if (performance.now() > end) {
      throw new ServerTrouble(
        'another `holdfast servers` is at work and does not end; look for it with ps, and end it',
      );
    }
    await pause(POLL_MS);
    server = await take(name);
  }
  try {
    return await body();
  } finally {
    server.close();
  }
}
