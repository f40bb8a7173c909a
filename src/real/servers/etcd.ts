/**
 * etcd: one member or three, whose leader can be found, moved, or killed. Elections are short, so
 * that a change of the leader takes tenths of a second; the least TTL of a lease grows with them
 * (etcd, `lease.minLeaseTTL`: one and a half elections, in whole seconds).
 */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOOPBACK } from '../loopback.js';
import { type Program, programOf } from './available.js';
import { etcdStatus, transferLeadership } from './etcd-api.js';
import { onFreePorts } from './ports.js';
import type { RealServer } from './server.js';
import { type Command, openTogether, ServerProcess } from './server-process.js';
import { Disk } from './stall/stall.js';
import { ServerTrouble } from './trouble.js';

export interface EtcdOptions {
  /** Default 1. */
  readonly members?: 1 | 3;
  /** Default 20. */
  readonly heartbeatMs?: number;
  /** At least five heartbeats. Default 200. */
  readonly electionMs?: number;
  /** `--pre-vote`: who comes back does not make the others elect anew. Default: etcd's, false. */
  readonly preVote?: boolean;
  /**
   * Where its peers reach a member that listens for them on that port: at a proxy, say. Default:
   * there.
   */
  readonly through?: (port: number) => Promise<number>;
}

export interface EtcdCluster {
  /** `e1`, or `e1-member-1` to `e1-member-3`. */
  readonly members: readonly RealServer[];
  /** The member that leads now, among those that run; waits for an election. */
  leader(): Promise<RealServer>;
  /** Makes this one the leader, or another one than now; answers who leads then. */
  moveLeader(to?: RealServer): Promise<RealServer>;
  /** The disk of a member, which can be made to hang. */
  diskOf(member: RealServer): Promise<Disk>;
  stop(): Promise<void>;
}

const LEADER_LIMIT_MS = 20_000;
const POLL_MS = 10;

class MemberProcess extends ServerProcess {
  readonly url: string;

  constructor(
    id: string,
    port: number,
    private readonly peerPort: number,
    /** Where its peers reach it. */
    private readonly peerUrl: string,
    private readonly program: Program,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    super({ kind: 'etcd', service: 'etcd', id, version: program.version, port });
    this.url = `http://${this.host}:${port}`;
  }

  protected async prepare(): Promise<void> {}

  protected command(): Command {
    const options = {
      name: this.id,
      'data-dir': path.join(this.folder, 'data'),
      'listen-client-urls': this.url,
      'advertise-client-urls': this.url,
      'listen-peer-urls': `http://${this.host}:${this.peerPort}`,
      'initial-advertise-peer-urls': this.peerUrl,
      logger: 'zap',
      'log-level': 'error',
      ...this.settings,
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    return { file: this.program.file, args };
  }

  protected async answers(): Promise<boolean> {
    return (await etcdStatus(this)).leaderId !== undefined;
  }
}

/** In the names of the files that are etcd's log. */
const LOGS = '.wal';

class Cluster implements EtcdCluster {
  constructor(readonly members: readonly MemberProcess[]) {}

  async diskOf(member: RealServer): Promise<Disk> {
    return Disk.open(this.members.find((one) => one === member)!.folder, LOGS);
  }

  async leader(): Promise<RealServer> {
    return this.leaderThat(() => true);
  }

  async moveLeader(to?: RealServer): Promise<RealServer> {
    const leader = await this.leader();
    if (leader === to) return leader;
    const next = to ?? this.members.find((one) => one !== leader && one.pid !== undefined);
    if (next === undefined) {
      throw new ServerTrouble(`${leader.id} leads, and no other member runs that could`);
    }
    await transferLeadership(leader, (await etcdStatus(next)).memberId);
    return this.leaderThat((member) => member === next);
  }

  async stop(): Promise<void> {
    for (const member of this.members) await member.stop();
  }

  /** Waits until one says of itself that it leads, and is the one that is meant. */
  private async leaderThat(isMeant: (member: RealServer) => boolean): Promise<RealServer> {
    const end = performance.now() + LEADER_LIMIT_MS;
    while (performance.now() < end) {
      for (const member of this.members) {
        if (member.pid === undefined || !isMeant(member)) continue;
        const status = await etcdStatus(member).catch(() => undefined);
        if (status !== undefined && status.leaderId === status.memberId) return member;
      }
      await pause(POLL_MS);
    }
    const running = this.members.filter(({ pid }) => pid !== undefined).length;
    throw new ServerTrouble(
      `etcd has no leader after ${LEADER_LIMIT_MS} ms; ${running} of ${this.members.length} ` +
        'members run, and more than half are needed',
    );
  }
}

/**
 * An etcd on free ports of loopback.
 *
 * @throws ServerTrouble if it is not installed, of another version, or does not start.
 */
export function startEtcd(options: EtcdOptions = {}): Promise<EtcdCluster> {
  const { members: count = 1, heartbeatMs = 20, electionMs = 200, preVote, through } = options;
  const program = programOf('etcd');
  return onFreePorts(2 * count, async (ports) => {
    const names = Array.from({ length: count }, (_none, index) =>
      count === 1 ? 'e1' : `e1-member-${index + 1}`,
    );
    const peerPorts = ports.slice(count);
    const reached = await Promise.all(peerPorts.map((port) => through?.(port) ?? port));
    const peerUrls = reached.map((port) => `http://${LOOPBACK}:${port}`);
    const settings = {
      'initial-cluster': names.map((name, index) => `${name}=${peerUrls[index]}`).join(','),
      'heartbeat-interval': String(heartbeatMs),
      'election-timeout': String(electionMs),
      'pre-vote': String(preVote ?? false),
    };
    const members = names.map((name, index) => {
      const [port, peerPort, peerUrl] = [ports[index]!, peerPorts[index]!, peerUrls[index]!];
      return new MemberProcess(name, port, peerPort, peerUrl, program, settings);
    });
    await openTogether(members);
    return new Cluster(members);
  });
}
