/**
 * A real ensemble of three servers, each of which reaches the others through proxies of its own, so
 * that it can be cut off from them and not from its clients.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { TcpProxy } from './proxy.js';
import { type Cuts, pause } from './recorder.js';
import { freePort, JAVA_OPTIONS, withProcesses } from './zookeeper-process.js';

export interface EnsembleSettings {
  readonly tickTimeMs: number;
  readonly syncLimit: number;
}

const IDS = [1, 2, 3] as const;
const INIT_LIMIT = 20;

/** `srvr`, one of the four letter words: whether the server leads. */
function leads(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('srvr'));
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(text.includes('Mode: leader')));
  });
}

async function findLeader(ports: readonly number[]): Promise<number> {
  for (let attempt = 0; attempt < 300; attempt++) {
    for (const [index, port] of ports.entries()) if (await leads(port)) return index;
    await pause(100);
  }
  throw new Error('no leader');
}

class Wiring implements Cuts {
  /** Between each two servers, both ways and both ports. */
  readonly proxies: { readonly between: readonly [number, number]; readonly proxy: TcpProxy }[] =
    [];
  /** Ids of the servers by their parts: the leader first. */
  order: readonly number[] = [];

  isolate(member: number): void {
    this.hold(member, true);
  }

  rejoin(member: number): void {
    this.hold(member, false);
  }

  private hold(member: number, held: boolean): void {
    for (const { between, proxy } of this.proxies) {
      if (between.includes(this.order[member - 1]!)) proxy.hold(held);
    }
  }
}

/** Writes the configuration of a server, opens its proxies, and says how to start it. */
async function configure(
  folder: string,
  id: number,
  clientPort: number,
  own: ReadonlyMap<number, readonly [number, number]>,
  wiring: Wiring,
  { tickTimeMs, syncLimit }: EnsembleSettings,
): Promise<string[]> {
  const home = join(folder, String(id));
  mkdirSync(join(home, 'data'), { recursive: true });
  writeFileSync(join(home, 'data', 'myid'), String(id));
  const lines = [
    `tickTime=${tickTimeMs}`,
    `initLimit=${INIT_LIMIT}`,
    `syncLimit=${syncLimit}`,
    `dataDir=${home}/data`,
    `clientPort=${clientPort}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    'maxClientCnxns=0',
  ];
  for (const [other, ports] of own) {
    let [quorum, election] = ports;
    if (other !== id) {
      const through = [await freePort(), await freePort()] as const;
      for (const at of [0, 1] as const) {
        const proxy = await TcpProxy.listen(through[at], ports[at]);
        wiring.proxies.push({ between: [id, other], proxy });
      }
      [quorum, election] = through;
    }
    lines.push(`server.${other}=127.0.0.1:${quorum}:${election}`);
  }
  writeFileSync(join(home, 'zoo.cfg'), `${lines.join('\n')}\n`);
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  return [...JAVA_OPTIONS, '-Dzookeeper.forceSync=no', main, join(home, 'zoo.cfg')];
}

/** Starts an ensemble, hands the ports of its servers, leader first, to `use`, and stops it. */
export function withEnsemble<T>(
  settings: EnsembleSettings,
  use: (ports: readonly number[], cuts: Cuts) => Promise<T>,
): Promise<T> {
  return withProcesses(async (folder, start) => {
    const wiring = new Wiring();
    try {
      const clientPorts: number[] = [];
      const own = new Map<number, readonly [number, number]>();
      for (const id of IDS) {
        clientPorts.push(await freePort());
        own.set(id, [await freePort(), await freePort()]);
      }
      for (const [index, id] of IDS.entries()) {
        start(await configure(folder, id, clientPorts[index]!, own, wiring, settings));
      }
      const leader = await findLeader(clientPorts);
      wiring.order = [IDS[leader]!, ...IDS.filter((id) => id !== IDS[leader])];
      // Followers take a moment to serve, too.
      await pause(4 * settings.tickTimeMs);
      return await use(
        wiring.order.map((id) => clientPorts[id - 1]!),
        wiring,
      );
    } finally {
      for (const { proxy } of wiring.proxies) proxy.close();
    }
  });
}
