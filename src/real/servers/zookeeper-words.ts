/**
 * `srvr`, the one of ZooKeeper's four letter words that every server answers unless it is told not
 * to: its version, and whether it stands alone, leads or follows (ZooKeeper Administrator's Guide,
 * "The Four Letter Words").
 */
import { connect } from 'node:net';

export interface ZooKeeperState {
  /** `undefined` of a server that does not serve, as one without a quorum. */
  readonly mode: 'standalone' | 'leader' | 'follower' | 'observer' | undefined;
  readonly version: string | undefined;
  /** All that it said. */
  readonly text: string;
}

const LIMIT_MS = 3_000;
const MODES = ['standalone', 'leader', 'follower', 'observer'] as const;

/** It took the connection and said nothing within the limit. */
export class ZooKeeperSilent extends Error {}

/** Rejects if nothing is there, or if it says nothing within the limit. */
export function askZooKeeper(
  { host, port }: { readonly host: string; readonly port: number },
  limitMs = LIMIT_MS,
): Promise<ZooKeeperState> {
  return new Promise((resolve, reject) => {
    let text = '';
    let isConnected = false;
    const socket = connect({ host, port }, () => {
      isConnected = true;
      socket.write('srvr');
    });
    socket.setTimeout(limitMs, () => socket.destroy(new ZooKeeperSilent()));
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    // Hung up on: then all it had to say is here.
    socket.once('error', (error) => {
      if (!isConnected || error instanceof ZooKeeperSilent) reject(error);
    });
    socket.once('close', () => {
      const named = /^Mode: (\w+)/m.exec(text)?.[1];
      const version = /^Zookeeper version: (\d+\.\d+\.\d+)/m.exec(text)?.[1];
      resolve({ mode: MODES.find((mode) => mode === named), version, text });
    });
  });
}
