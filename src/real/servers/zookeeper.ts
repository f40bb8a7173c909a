/**
 * ZooKeeper: one server, or an ensemble of three whose leader can be found and killed. Its unit of
 * time is short, and with it the least timeout of a session, which is two of them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOOPBACK } from '../loopback.js';
import { type Program, programOf, ZOOKEEPER_JAR } from './available.js';
import { onFreePorts } from './ports.js';
import type { RealServer } from './server.js';
import { type Command, openTogether, ServerProcess } from './server-process.js';
import { ServerTrouble } from './trouble.js';
import { askZooKeeper } from './zookeeper-words.js';

/** Ports of a server towards its peers: of the leader, and of elections. */
export interface PeerPorts {
  readonly quorum: number;
  readonly election: number;
}

export interface ZooKeeperOptions {
  /** Default 1. */
  readonly servers?: 1 | 3;
  /** ZooKeeper's `tickTime`. Default 100. */
  readonly tickTimeMs?: number;
  /** Default 60,000. */
  readonly maxSessionTimeoutMs?: number;
  /** In units of `tickTime`: how long a follower may lag behind. Default 10. */
  readonly syncLimit?: number;
  /** How often empty containers are looked for. Default 60,000. */
  readonly containerCheckIntervalMs?: number;
  /**
   * How one server (from 1) reaches another: a proxy in between, say. Default: directly. A peer
   * says itself where it listens for elections, and is asked there without a proxy.
   */
  readonly through?: (from: number, to: number, ports: PeerPorts) => Promise<PeerPorts>;
}

export interface ZooKeeperEnsemble {
  /** `z1`, or `z1-server-1` to `z1-server-3`. */
  readonly servers: readonly RealServer[];
  /** The one that leads now, or stands alone; waits for an election. */
  leader(): Promise<RealServer>;
  stop(): Promise<void>;
}

/**
 * Little memory, started soon rather than fast for long, and no file for performance tools, which
 * nobody would remove after a kill.
 */
const JAVA_OPTIONS = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  '-XX:-UsePerfData',
];
/** Without it the server says nothing, not even why it does not start. */
const LOGGER_JAR = path.join(path.dirname(ZOOKEEPER_JAR), 'slf4j-simple.jar');
const CLASS_PATH = `${ZOOKEEPER_JAR}:${LOGGER_JAR}`;
const ALONE = 'org.apache.zookeeper.server.ZooKeeperServerMain';
const TOGETHER = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
/** How long a follower tries a leader before it looks for another one: `initLimit`, as a time. */
const INIT_MS = 10_000;
const LEADER_LIMIT_MS = 60_000;
const POLL_MS = 20;

class ZooKeeperProcess extends ServerProcess {
  readonly url: string;

  constructor(
    id: string,
    port: number,
    private readonly program: Program,
    private readonly options: ZooKeeperOptions,
    /** Its number among its peers, and where it finds them. */
    private readonly peers?: { readonly own: number; readonly lines: readonly string[] },
  ) {
    super({ kind: 'zookeeper', service: 'zookeeper', id, version: program.version, port });
    this.url = `${this.host}:${port}`;
  }

  protected async prepare(): Promise<void> {
    const data = path.join(this.folder, 'data');
    await mkdir(data);
    if (this.peers !== undefined) await writeFile(path.join(data, 'myid'), `${this.peers.own}`);
    const { tickTimeMs = 100, maxSessionTimeoutMs = 60_000, syncLimit = 10 } = this.options;
    const lines = [
      `tickTime=${tickTimeMs}`,
      `maxSessionTimeout=${maxSessionTimeoutMs}`,
      `initLimit=${Math.ceil(INIT_MS / tickTimeMs)}`,
      `syncLimit=${syncLimit}`,
      `dataDir=${data}`,
      `clientPort=${this.port}`,
      `clientPortAddress=${this.host}`,
      'admin.enableServer=false',
      'maxClientCnxns=0',
      ...(this.peers?.lines ?? []),
    ];
    await writeFile(this.configuration, `${lines.join('\n')}\n`);
  }

  protected command(): Command {
    const { containerCheckIntervalMs = 60_000 } = this.options;
    const properties = [
      '-Dzookeeper.forceSync=no',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
      `-Dznode.container.checkIntervalMs=${containerCheckIntervalMs}`,
    ];
    const main = this.peers === undefined ? ALONE : TOGETHER;
    const args = [...JAVA_OPTIONS, ...properties, '-cp', CLASS_PATH, main, this.configuration];
    return { file: this.program.file, args };
  }

  protected async answers(): Promise<boolean> {
    return (await askZooKeeper(this)).mode !== undefined;
  }

  private get configuration(): string {
    return path.join(this.folder, 'zoo.cfg');
  }
}

class Ensemble implements ZooKeeperEnsemble {
  constructor(readonly servers: readonly RealServer[]) {}

  async leader(): Promise<RealServer> {
    const end = performance.now() + LEADER_LIMIT_MS;
    while (performance.now() < end) {
      for (const server of this.servers) {
        if (server.pid === undefined) continue;
        const state = await askZooKeeper(server).catch(() => undefined);
        if (state?.mode === 'leader' || state?.mode === 'standalone') return server;
      }
      await pause(POLL_MS);
    }
    throw new ServerTrouble(`ZooKeeper has no leader after ${LEADER_LIMIT_MS} ms`);
  }

  async stop(): Promise<void> {
    for (const server of this.servers) await server.stop();
  }
}

/** What each server of three is told of the others. */
async function wire(ports: readonly number[], { through }: ZooKeeperOptions): Promise<string[][]> {
  const own = [1, 2, 3].map(
    (_number, at): PeerPorts => ({ quorum: ports[3 + at]!, election: ports[6 + at]! }),
  );
  const configured: string[][] = [];
  for (const from of [1, 2, 3]) {
    const lines: string[] = [];
    for (const [at, ports] of own.entries()) {
      const to = at + 1;
      const isDirect = from === to || through === undefined;
      const { quorum, election } = isDirect ? ports : await through(from, to, ports);
      lines.push(`server.${to}=${LOOPBACK}:${quorum}:${election}`);
    }
    configured.push(lines);
  }
  return configured;
}

/**
 * A ZooKeeper on free ports of loopback.
 *
 * @throws ServerTrouble if it is not installed, of another version, or does not start.
 */
export function startZooKeeper(options: ZooKeeperOptions = {}): Promise<ZooKeeperEnsemble> {
  const program = programOf('zookeeper');
  if (options.servers !== 3) {
    return onFreePorts(1, async ([port]) => {
      return new Ensemble([await new ZooKeeperProcess('z1', port!, program, options).open()]);
    });
  }
  return onFreePorts(9, async (ports) => {
    const servers = (await wire(ports, options)).map(
      (lines, at) =>
        new ZooKeeperProcess(`z1-server-${at + 1}`, ports[at]!, program, options, {
          own: at + 1,
          lines,
        }),
    );
    await openTogether(servers);
    return new Ensemble(servers);
  });
}
