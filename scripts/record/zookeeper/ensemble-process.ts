/**
 * A real ensemble of three servers, each of which reaches the others through proxies of its own, so
 * that a follower can be cut off from them and not from its clients. (A leader cannot: servers tell
 * each other where they listen for elections, and go there without a proxy. It can be killed.)
 */
import type { ChildProcess } from 'node:child_process';
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
/** Until servers have noticed that their leader is gone. */
const LOOKING_MS = 1000;

/** `srvr`, one of the four letter words: whether a server leads, follows, or does not serve. */
function modeOf(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('srvr'));
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(/Mode: (\w+)/.exec(text)?.[1]));
  });
}

/** Waits until so many serve and one of them leads; the answer is its index. */
async function findLeader(ports: readonly number[], serving: number): Promise<number> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const modes = await Promise.all(ports.map(modeOf));
    const leader = modes.indexOf('leader');
    if (leader >= 0 && modes.filter((mode) => mode !== undefined).length >= serving) return leader;
    await pause(100);
  }
  throw new Error('the servers find no leader');
}

class Wiring implements Cuts {
  /** Between each two servers, both ways and both ports. */
  readonly proxies: { readonly between: readonly [number, number]; readonly proxy: TcpProxy }[] =
    [];
  /** Ids of the servers by their parts: the leader first. */
  order: readonly number[] = [];
  readonly processes = new Map<number, ChildProcess>();
  readonly clientPorts: number[] = [];

  isolate(member: number): void {
    this.hold(member, true);
  }

  rejoin(member: number): void {
    this.hold(member, false);
  }

  async kill(member: number): Promise<void> {
    this.processes.get(this.order[member - 1]!)!.kill('SIGKILL');
    await pause(LOOKING_MS);
    await findLeader(
      this.order.map((id) => this.clientPorts[id - 1]!),
      1,
    );
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
      const { clientPorts } = wiring;
      const own = new Map<number, readonly [number, number]>();
      for (const id of IDS) {
        clientPorts.push(await freePort());
        own.set(id, [await freePort(), await freePort()]);
      }
      for (const [index, id] of IDS.entries()) {
        const args = await configure(folder, id, clientPorts[index]!, own, wiring, settings);
        wiring.processes.set(id, start(args));
      }
      const leader = await findLeader(clientPorts, IDS.length);
      wiring.order = [IDS[leader]!, ...IDS.filter((id) => id !== IDS[leader])];
      return await use(
        wiring.order.map((id) => clientPorts[id - 1]!),
        wiring,
      );
    } finally {
      for (const { proxy } of wiring.proxies) proxy.close();
    }
  });
}
