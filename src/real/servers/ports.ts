/**
 * Ports on loopback that nobody has. They lie below those that the system lends to outgoing
 * connections, so that a server that is down for a while finds its port free when it comes back.
 * Between looking and listening another program may take one; then another is tried.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { LOOPBACK } from '../loopback.js';
import { PortTaken, ServerTrouble } from './trouble.js';

const LOWEST = 10_000;
/** Where the ports of outgoing connections begin if the system does not say. */
const LENT_FROM = 32_768;
const LOOKS = 200;
const TRIES = 5;

/** What this process was given already: a server of ours that is down keeps its port. */
const given = new Set<number>();

function lentFrom(): number {
  try {
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const first = Number.parseInt(range, 10);
    return first > LOWEST + 1_000 ? first : LENT_FROM;
  } catch {
    return LENT_FROM;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, LOOPBACK, () => probe.close(() => resolve(true)));
  });
}

export async function freePort(): Promise<number> {
  const end = lentFrom();
  for (let look = 0; look < LOOKS; look++) {
    const port = randomInt(LOWEST, end);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
    given.delete(port);
  }
  throw new ServerTrouble(
    `no free port on ${LOOPBACK}: ${LOOKS} between ${LOWEST} and ${end} are taken; end some of ` +
      'the servers that run there',
  );
}

/** Hands so many free ports to `open`, and others if one was taken in between. */
export async function onFreePorts<T>(
  count: number,
  open: (ports: readonly number[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const ports: number[] = [];
    while (ports.length < count) ports.push(await freePort());
    try {
      return await open(ports);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === TRIES) throw error;
    }
  }
}
