/**
 * What a story is played on: the servers of its scenario, a proxy for each client and server, the
 * protected resource, and a process for each client. Whoever conducts decides what passes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, HostId } from '../../fault.js';
import type { AccessRecord, CallId } from '../../history.js';
import type { Decision, SeedKey } from '../../random.js';
import type { Scenario } from '../../scenario.js';
import { RESOURCE_ID } from '../../sim/resource.js';
import { PROBE } from '../../sim/simulated-run.js';
import { all } from '../all.js';
import { sharedNs, sinceUs } from '../client/client-clock.js';
import { ClientHandle } from '../client/client-handle.js';
import type { ClientClockState, ClientJob, ClientLine } from '../client/job.js';
import type { GivenServers } from '../given/given-servers.js';
import type { Loan } from '../given/loan.js';
import type { Occasion } from '../history/judge.js';
import { lineFraming } from '../proxy/line-framing.js';
import { ClientProxy } from '../proxy/proxy.js';
import { framed, type Watcher } from '../proxy/tunnel.js';
import { StoreServer } from '../store-server.js';
import { isReplicated } from './replicated.js';
import { startStoryServer } from './start.js';
import type { StoryServer } from './story-server.js';

/** What is to be played. */
export interface Play {
  readonly lock: ClientJob['lock'];
  readonly scenario: Scenario;
  readonly key: SeedKey;
  readonly decisions: readonly Decision[];
  /** SQL that the lock wants run beforehand. */
  readonly schema: string | undefined;
  /** Servers of the user's, to be used in place of servers of our own. */
  readonly given?: GivenServers | undefined;
  /** Whether something else may stand in for a server that is not installed. Default false. */
  readonly mayStandIn?: boolean;
  /** How long a server of each is cut off from the others, in ms. Default: not at all. */
  readonly cutOffMs?: ReadonlyMap<HostId, number>;
  /** Whether the run goes by what clients say. Default true. */
  readonly isAwaited?: boolean;
}

/** Who hears what happens on the stage. */
export interface Conducting extends Watcher {
  said(client: HostId, line: ClientLine): void;
  accessed(record: AccessRecord): void;
}

/** So many invocations have numbers of their own in each incarnation of a client. */
const CALLS_EACH = 10_000;

export class Stage {
  readonly clients = new Map<HostId, ClientHandle>();
  readonly servers = new Map<HostId, StoryServer>();
  private readonly proxies: ClientProxy[] = [];
  private startNs = 0n;
  /** The machine's date when the story began. */
  startedAtWallUs = 0;
  /** When the curtain fell. */
  endedAtUs = 0;
  private started = 0;
  private readonly store: StoreServer;
  private readonly clocks = new Map<HostId, ClientClockState>();
  /** Processes of clients that will come back, by their names, waiting for that. */
  private readonly waiting = new Map<string, ClientHandle>();
  private loan: Loan | undefined;

  constructor(
    private readonly play: Play,
    private readonly conducting: Conducting,
  ) {
    this.store = new StoreServer(
      () => this.nowUs(),
      (record) => conducting.accessed(this.loan?.renaming.plain(record) ?? record),
    );
  }

  /** Names and versions of what the story is played on. */
  get environment(): Readonly<Record<string, string>> {
    const servers = [...this.servers.values()].map(({ id, program }) => [id, program] as const);
    return { ...Object.fromEntries(servers), node: process.version };
  }

  /** Whether one of its servers is another program: what breaks there proves nothing. */
  get hasStandIn(): boolean {
    return [...this.servers.values()].some(({ isStandIn }) => isStandIn === true);
  }

  /** Whether its servers are its own, to be crashed. */
  get ownsServers(): boolean {
    return this.play.given === undefined && !this.hasStandIn;
  }

  /** Those of its servers that count what others write to them as well. */
  get countingOthers(): ReadonlySet<HostId> {
    return new Set(this.loan?.renaming.revisions.keys());
  }

  /** When and where it was played, to be judged: until the curtain fell, unless it is still up. */
  occasion(healedAtUs: number, endedAtUs = this.endedAtUs): Occasion {
    const { countingOthers, startedAtWallUs } = this;
    return { countingOthers, startedAtWallUs, healedAtUs, endedAtUs };
  }

  /** Microseconds since the story began, on the clock that all processes share. */
  nowUs(): number {
    return sinceUs(this.startNs);
  }

  async open(): Promise<void> {
    const { lock, scenario, schema, given, cutOffMs: cutOff, mayStandIn = false } = this.play;
    const { faults } = scenario;
    await this.store.listen();
    this.loan = await given?.lend({ lock, scenario, schema, close: () => this.close() });
    const others = { loan: this.loan, mayStandIn, isReplicated: isReplicated(lock, scenario) };
    await all(
      scenario.servers.map(async (plan) => {
        const cutOffMs = cutOff?.get(plan.id) ?? 0;
        const request = { plan, faults, cutOffMs, schema, ...others };
        this.servers.set(plan.id, await startStoryServer(request));
      }),
    );
    const ids = [...scenario.clients.map(({ id }) => id), PROBE];
    for (const client of ids) await this.openProxies(client);
    await all([
      ...ids.map((client) => this.bringUp(client, 1)),
      ...faults.map((fault) => this.prepareReturn(fault)),
    ]);
    await this.untilInStep();
  }

  /** A story begins when its server looks at its leases, as it does in the simulation. */
  private async untilInStep(): Promise<void> {
    const [beat] = await Promise.all([...this.servers.values()].map((server) => server.beat()));
    if (beat === undefined) return;
    const sinceUs = Number(sharedNs() / 1_000n) - beat.atUs;
    await pause((beat.periodUs - (sinceUs % beat.periodUs)) / 1_000);
  }

  private async openProxies(client: HostId): Promise<void> {
    const { store, loan } = this;
    const conducting = loan?.renaming.heardBy(this.conducting) ?? this.conducting;
    const opened = [
      ...[...this.servers.values()].flatMap(({ id, upstream, poolers, open }) => [
        new ClientProxy(client, id, upstream, open, conducting),
        ...poolers.map(
          (pooler) => new ClientProxy(client, id, pooler.upstream, open, conducting, pooler.mode),
        ),
      ]),
      new ClientProxy(client, RESOURCE_ID, store, framed(lineFraming), conducting),
    ];
    await Promise.all(opened.map((proxy) => proxy.listen()));
    this.proxies.push(...opened);
  }

  /** In a story a client is back at once: its next process is started before it is needed. */
  private async prepareReturn(fault: Fault): Promise<void> {
    if (fault.class !== 'client-crash') return;
    const { host } = fault;
    const earlier = this.play.scenario.faults.filter(
      (one) => one.class === 'client-crash' && one.host === host,
    );
    const incarnation = 2 + earlier.indexOf(fault);
    this.waiting.set(nameOf(host, incarnation), await this.startProcess(host, incarnation));
  }

  /** A process of a client waits for the run to begin, or to begin again. */
  async bringUp(client: HostId, incarnation: number): Promise<void> {
    const name = nameOf(client, incarnation);
    const handle = this.waiting.get(name) ?? (await this.startProcess(client, incarnation));
    this.waiting.delete(name);
    this.clients.set(client, handle);
  }

  private startProcess(client: HostId, incarnation: number): Promise<ClientHandle> {
    const { lock, scenario, key, decisions, isAwaited = true } = this.play;
    const own = this.proxies.filter((proxy) => proxy.client === client);
    const addressOf = ({ server, host, port }: ClientProxy) => {
      return { server, host, port, ...this.servers.get(server)?.login };
    };
    const addresses = own.filter(({ pooler }) => pooler === undefined).map(addressOf);
    const poolers = own.flatMap((proxy) =>
      proxy.pooler === undefined ? [] : [{ ...addressOf(proxy), pooler: proxy.pooler }],
    );
    const firstCall: CallId = ++this.started * CALLS_EACH;
    const job: ClientJob = {
      lock,
      scenario: this.loan?.renaming.onServers(scenario) ?? scenario,
      client,
      incarnation,
      firstCall,
      servers: addresses.filter(({ server }) => server !== RESOURCE_ID),
      poolers,
      store: addresses.find(({ server }) => server === RESOURCE_ID)!,
      key,
      decisions,
      faults: scenario.faults,
      isAwaited,
    };
    return ClientHandle.start(job, (line) =>
      this.conducting.said(client, this.loan?.renaming.said(line) ?? line),
    );
  }

  /** The story begins now, for all clients but the probe. */
  begin(): void {
    this.startNs = sharedNs();
    this.startedAtWallUs = Date.now() * 1_000;
    for (const client of this.clients.keys()) if (client !== PROBE) this.go(client);
  }

  /** A client begins, or begins again with the first operation that has not begun, from 0. */
  go(client: HostId, firstOperation = 0): void {
    const clock = this.clockOf(client);
    const startNs = String(this.startNs);
    this.clients.get(client)?.tell({ go: 'start', startNs, firstOperation, clock });
  }

  /** Nothing new begins any more. */
  end(): void {
    for (const client of this.clients.values()) client.tell({ go: 'ending' });
  }

  /** A client's wall clock changes at once. */
  stepClient(client: HostId, byUs: number): void {
    const { wallOffsetUs, ratePpm } = this.clockOf(client);
    this.setClientClock(client, { wallOffsetUs: wallOffsetUs + byUs, ratePpm });
  }

  /** Both clocks of a client run at another rate. */
  driftClient(client: HostId, ratePpm: number): void {
    this.setClientClock(client, { ...this.clockOf(client), ratePpm });
  }

  private clockOf(client: HostId): ClientClockState {
    return this.clocks.get(client) ?? { wallOffsetUs: 0, ratePpm: 0 };
  }

  private setClientClock(client: HostId, clock: ClientClockState): void {
    this.clocks.set(client, clock);
    this.clients.get(client)?.tell({ clock });
  }

  /** A server is at another place now: what clients send from here on goes there. */
  moved(server: HostId): void {
    const { upstream } = this.servers.get(server)!;
    for (const proxy of this.proxies) {
      if (proxy.server === server && proxy.pooler === undefined) proxy.upstream = upstream;
    }
  }

  /** Proxies of a server refuse connections, or take them again. */
  async reach(server: HostId, isUp: boolean): Promise<void> {
    for (const proxy of this.proxies) {
      if (proxy.server !== server) continue;
      if (isUp) await proxy.listen();
      else proxy.refuse();
    }
  }

  async close(): Promise<void> {
    this.endedAtUs = this.nowUs();
    const processes = [...this.clients.values(), ...this.waiting.values()];
    const isAwaited = this.play.isAwaited ?? true;
    await Promise.all(processes.map((client) => (isAwaited ? client.end() : client.leave())));
    for (const proxy of this.proxies) proxy.close();
    this.store.close();
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
    await this.loan?.giveBack();
  }
}

function nameOf(client: HostId, incarnation: number): string {
  return `${client}/${incarnation}`;
}
