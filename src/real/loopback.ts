/** Listeners of our own, for processes on this machine alone. */
import type { Server } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Resolves with the port once it listens there; default: one that is free. */
export function listenOnLoopback(listener: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, LOOPBACK, () => {
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
