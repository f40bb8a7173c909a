/**
 * Three real servers in the parts of a simulated ensemble: which of them stands for which, and what
 * a failover does to them. A change of leader is the end of the process that leads; in a simulation
 * it takes no time, so whoever comes next waits until there is another one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Upstream } from '../proxy/tunnel.js';
import type { RealServer } from '../servers/server.js';
import { ServerTrouble } from '../servers/trouble.js';
import type { ZooKeeperEnsemble } from '../servers/zookeeper.js';
import { askZooKeeper } from '../servers/zookeeper-words.js';
import type { ZooKeeperPeers } from './zookeeper-peers.js';

const SERVES_LIMIT_MS = 30_000;
const POLL_MS = 10;
const ASK_LIMIT_MS = 500;

interface CutOff {
  readonly server: RealServer;
  readonly led: boolean;
  readonly sinceMs: number;
}

export class ZooKeeperCast {
  /** In the order of their parts: number 1 led when the story began. */
  private readonly parts: RealServer[];
  private leading: RealServer;
  private cut: CutOff | undefined;
  /** Whether all of them have served since the last change. */
  private isWhole = true;

  private constructor(
    private readonly ensemble: ZooKeeperEnsemble,
    private readonly peers: ZooKeeperPeers,
    /** How long who hears nothing of the others goes on serving at most. */
    private readonly patienceMs: number,
    leader: RealServer,
  ) {
    this.leading = leader;
    this.parts = [leader, ...ensemble.servers.filter((server) => server !== leader)];
  }

  static async of(
    ensemble: ZooKeeperEnsemble,
    peers: ZooKeeperPeers,
    patienceMs: number,
  ): Promise<ZooKeeperCast> {
    const leader = await ensemble.leader();
    const cast = new ZooKeeperCast(ensemble, peers, patienceMs, leader);
    await cast.untilServing(ensemble.servers);
    return cast;
  }

  /** Where a part is played. */
  async placeOf(part: number): Promise<Upstream> {
    const wanted = this.parts[part - 1]!;
    const { host, port } = (await this.isThere(wanted)) ? wanted : await this.another(wanted);
    return { host, port };
  }

  /** Whether clients of that part are to find it, serving or cut off. */
  private async isThere(server: RealServer): Promise<boolean> {
    const { cut } = this;
    if (cut !== undefined) return cut.server === server || !this.isReplaced(cut);
    if (this.isWhole) return true;
    if (!(await serves(server))) return false;
    this.isWhole = (await Promise.all(this.parts.map(serves))).every((one) => one);
    return true;
  }

  /** Whether the others have had enough of a leader that they do not hear. */
  private isReplaced({ led, sinceMs }: CutOff): boolean {
    return led && performance.now() - sinceMs >= this.patienceMs;
  }

  /** One that serves in its place; waits for it. */
  private async another(wanted: RealServer): Promise<RealServer> {
    const left = this.parts.filter((server) => server !== this.cut?.server);
    const ordered = [wanted, ...left.filter((server) => server !== wanted)];
    return this.firstServing(ordered);
  }

  private async firstServing(servers: readonly RealServer[]): Promise<RealServer> {
    const end = performance.now() + SERVES_LIMIT_MS;
    while (performance.now() < end) {
      for (const server of servers) if (await serves(server)) return server;
      await pause(POLL_MS);
    }
    throw new ServerTrouble(`no server of a ZooKeeper serves after ${SERVES_LIMIT_MS} ms`);
  }

  private async untilServing(servers: readonly RealServer[]): Promise<void> {
    await Promise.all(servers.map((server) => this.firstServing([server])));
  }

  /** Another server leads, in this part; who led comes back and follows. */
  async changeLeader(part: number): Promise<void> {
    const former = this.leading;
    const others = this.parts.filter((server) => server !== former);
    await former.kill();
    await this.untilServing(others);
    this.isWhole = false;
    await this.cast(part);
    // It is back when it is: until then its clients are sent to others.
    void former.start().catch(() => {});
  }

  /** Whoever leads now plays that part, and its player another one. */
  private async cast(part: number): Promise<void> {
    this.leading = await this.ensemble.leader();
    const at = this.parts.indexOf(this.leading);
    this.parts[at] = this.parts[part - 1]!;
    this.parts[part - 1] = this.leading;
  }

  cutOff(part: number): void {
    const server = this.parts[part - 1]!;
    this.peers.cutOff(this.numberOf(server));
    this.cut = { server, led: server === this.leading, sinceMs: performance.now() };
  }

  reunite(): void {
    if (this.cut === undefined) return;
    this.peers.reunite(this.numberOf(this.cut.server));
    this.cut = undefined;
    this.isWhole = false;
  }

  private numberOf(server: RealServer): number {
    return this.ensemble.servers.indexOf(server) + 1;
  }

  async crash(): Promise<void> {
    this.reunite();
    await Promise.all(this.parts.map((server) => server.kill()));
  }

  /** Whoever leads plays the part of the one that led before. */
  async restart(): Promise<void> {
    const part = this.parts.indexOf(this.leading) + 1;
    await Promise.all(this.parts.map((server) => server.start()));
    await this.untilServing(this.parts);
    await this.cast(part);
    this.isWhole = true;
  }

  async stop(): Promise<void> {
    await this.ensemble.stop();
    this.peers.close();
  }
}

async function serves(server: RealServer): Promise<boolean> {
  if (server.pid === undefined) return false;
  const state = await askZooKeeper(server, ASK_LIMIT_MS).catch(() => undefined);
  return state?.mode !== undefined;
}
