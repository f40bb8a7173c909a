/**
 * A real ensemble of three servers, each of which reaches the others through proxies of its own, so
 * that a follower can be cut off from them and not from its clients. (A leader cannot: servers tell
 * each other where they listen for elections, and go there without a proxy. It can be killed.)
 */
import { freePort } from '../../../src/real/servers/ports.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import {
  type PeerPorts,
  startZooKeeper,
  type ZooKeeperEnsemble,
} from '../../../src/real/servers/zookeeper.js';
import { TcpProxy } from './proxy.js';
import { type Cuts, pause } from './recorder.js';

export interface EnsembleSettings {
  readonly tickTimeMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly syncLimit: number;
}

/** Until servers have noticed that their leader is gone. */
const LOOKING_MS = 1000;

class Wiring implements Cuts {
  /** Between each two servers by their numbers, both ways and both ports. */
  private readonly proxies: {
    readonly between: readonly [number, number];
    readonly proxy: TcpProxy;
  }[] = [];
  private ensemble: ZooKeeperEnsemble | undefined;
  /** By their parts: the leader first. */
  order: readonly RealServer[] = [];

  async through(from: number, to: number, ports: PeerPorts): Promise<PeerPorts> {
    const own = { quorum: await freePort(), election: await freePort() };
    for (const port of ['quorum', 'election'] as const) {
      const proxy = await TcpProxy.listen(own[port], ports[port]);
      this.proxies.push({ between: [from, to], proxy });
    }
    return own;
  }

  async lead(ensemble: ZooKeeperEnsemble): Promise<void> {
    this.ensemble = ensemble;
    const leader = await ensemble.leader();
    this.order = [leader, ...ensemble.servers.filter((server) => server !== leader)];
  }

  isolate(member: number): void {
    this.hold(member, true);
  }

  rejoin(member: number): void {
    this.hold(member, false);
  }

  async kill(member: number): Promise<void> {
    await this.order[member - 1]!.kill();
    await pause(LOOKING_MS);
    await this.ensemble!.leader();
  }

  close(): void {
    for (const { proxy } of this.proxies) proxy.close();
  }

  private hold(member: number, held: boolean): void {
    const number = this.ensemble!.servers.indexOf(this.order[member - 1]!) + 1;
    for (const { between, proxy } of this.proxies) {
      if (between.includes(number)) proxy.hold(held);
    }
  }
}

/** Starts an ensemble, hands the ports of its servers, leader first, to `use`, and stops it. */
export async function withEnsemble<T>(
  settings: EnsembleSettings,
  use: (ports: readonly number[], cuts: Cuts) => Promise<T>,
): Promise<T> {
  const wiring = new Wiring();
  try {
    const ensemble = await startZooKeeper({
      ...settings,
      servers: 3,
      through: (from, to, ports) => wiring.through(from, to, ports),
    });
    try {
      await wiring.lead(ensemble);
      const ports = wiring.order.map(({ port }) => port);
      return await use(ports, wiring);
    } finally {
      await ensemble.stop();
    }
  } finally {
    wiring.close();
  }
}
