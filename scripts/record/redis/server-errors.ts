/**
 * The errors of a server in trouble, provoked one by one.
 */
import { rmSync } from 'node:fs';
import { Connection } from './connection.js';

/** An error under the word it begins with. */
export interface ServerError {
  readonly name: string;
  readonly text: string;
}

/** Asks until an error comes: trouble may take its time. */
async function errorOf(connection: Connection, ...args: string[]): Promise<ServerError> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const reply = await connection.call(...args);
    if (typeof reply === 'object' && reply !== null && 'error' in reply) {
      return { name: reply.error.split(' ')[0]!, text: reply.error };
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${args.join(' ')} never failed`);
}

/** A script runs on and on. */
async function busy(port: number, control: Connection): Promise<ServerError> {
  await control.call('CONFIG', 'SET', 'busy-reply-threshold', '1');
  const other = await Connection.open(port);
  other.send(['EVAL', 'while true do end', '0']);
  const error = await errorOf(control, 'GET', 'absent');
  await control.call('SCRIPT', 'KILL');
  await other.next();
  other.close();
  return error;
}

/** The data set is read from disk, slowly. */
async function loading(port: number, control: Connection): Promise<ServerError> {
  for (let key = 0; key < 300; key++) await control.call('SET', `k${key}`, 'v'.repeat(100));
  await control.call('CONFIG', 'SET', 'key-load-delay', '1000');
  await control.call('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
  const other = await Connection.open(port);
  other.send(['DEBUG', 'RELOAD']);
  const error = await errorOf(control, 'GET', 'absent');
  await other.next();
  other.close();
  return error;
}

/** What the server answers in each kind of trouble; afterwards its `folder` is gone. */
export async function provokeErrors(
  port: number,
  control: Connection,
  folder: string,
): Promise<ServerError[]> {
  const configure = (name: string, value: string) => control.call('CONFIG', 'SET', name, value);
  await control.call('FLUSHALL');
  const errors = [await busy(port, control), await loading(port, control)];
  await configure('maxmemory', '1');
  errors.push(await errorOf(control, 'SET', 'k', 'v'));
  await configure('maxmemory', '0');
  await configure('min-replicas-to-write', '1');
  errors.push(await errorOf(control, 'SET', 'k', 'v'));
  await configure('min-replicas-to-write', '0');
  await control.call('REPLICAOF', '127.0.0.1', '1');
  errors.push(await errorOf(control, 'SET', 'k', 'v'));
  await configure('replica-serve-stale-data', 'no');
  errors.push(await errorOf(control, 'GET', 'absent'));
  await control.call('REPLICAOF', 'NO', 'ONE');
  await configure('save', '1000 1');
  rmSync(folder, { recursive: true });
  await control.call('BGSAVE');
  errors.push(await errorOf(control, 'SET', 'k', 'v'));
  return errors.sort((a, b) => (a.name < b.name ? -1 : 1));
}
