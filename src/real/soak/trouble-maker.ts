/**
 * The nemesis of a soak: at random moments it stops a client for a while, kills it and starts it
 * again, cuts a connection, or makes a server late. What it does, and when, a seed says; what comes
 * of it, nobody can repeat.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultClass, HostId } from '../../fault.js';
import type { InvokeRecord } from '../../history.js';
import { mix, type SeedKey, scale } from '../../random.js';
import { PROBE } from '../../sim/simulated-run.js';
import type { FreeRun } from '../check/free-run.js';
import type { Stage } from '../stage/stage.js';

/** What it can do. */
export const TROUBLES = ['pause', 'client-crash', 'lost-reply', 'delay'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Of the trouble maker in addresses. */
const SUBJECT = 92;
/** Between two troubles. */
const REST_MS = [20, 250] as const;
const DELAY_MS = [1, 60] as const;
const RESTART_MS = [1, 300] as const;
/** Pauses last up to so many TTLs. */
const PAUSE_TTLS = 1.5;

export class TroubleMaker {
  /** How many of each it has made. */
  readonly made = new Map<Trouble, number>();
  private drawn = 0;
  private isOver = false;
  private readonly away = new Set<HostId>();
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly stage: Stage,
    private readonly free: FreeRun,
    private readonly clients: readonly HostId[],
    private readonly ttlMs: number,
    private readonly troubles: readonly Trouble[],
    private readonly key: SeedKey,
  ) {}

  /** Makes trouble until `stop`. */
  async begin(): Promise<void> {
    while (!this.isOver && this.troubles.length > 0) {
      await pause(this.between(...REST_MS));
      if (this.isOver) return;
      const one = this.strike(this.of(this.troubles)).catch(() => {});
      this.pending.add(one);
      void one.then(() => this.pending.delete(one));
    }
  }

  /** Nothing new; resolves when what it did has passed. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.pending);
  }

  private async strike(trouble: Trouble): Promise<void> {
    const client = this.of(this.clients);
    if (this.away.has(client)) return;
    this.made.set(trouble, (this.made.get(trouble) ?? 0) + 1);
    switch (trouble) {
      case 'pause':
        return this.pauses(client);
      case 'client-crash':
        return this.crashes(client);
      case 'lost-reply':
        return this.free.cut(client, this.below(1_000));
      case 'delay':
        return this.free.hold(this.of([...this.stage.servers.keys()]), this.between(...DELAY_MS));
      default:
        throw new TypeError(`no such trouble: ${trouble satisfies never as FaultClass}`);
    }
  }

  private async pauses(client: HostId): Promise<void> {
    this.away.add(client);
    const handle = this.stage.clients.get(client)!;
    handle.pause();
    this.note(client, 'paused');
    await pause(this.between(1, this.ttlMs * PAUSE_TTLS));
    this.note(client, 'resumed');
    handle.resume();
    this.away.delete(client);
  }

  private async crashes(client: HostId): Promise<void> {
    this.away.add(client);
    await this.stage.clients.get(client)!.end();
    this.note(client, 'dead');
    for (const call of this.openCalls(client)) this.endInDoubt(call);
    await pause(this.between(...RESTART_MS));
    const voice = this.free.voice(client);
    voice.incarnation++;
    const begun = new Set(
      this.invocations(client).map(({ operation }) => Number(operation.slice(1))),
    );
    await this.stage.bringUp(client, voice.incarnation);
    this.note(client, 'restarted');
    this.stage.go(client, Math.max(0, ...begun));
    this.away.delete(client);
  }

  private note(host: HostId, state: 'paused' | 'resumed' | 'dead' | 'restarted'): void {
    const { incarnation } = this.free.voice(host);
    const atUs = this.stage.nowUs();
    this.free.records.push({ type: 'host', atUs, host, incarnation, state });
  }

  private invocations(client: HostId): InvokeRecord[] {
    return this.free.records.filter(
      (record): record is InvokeRecord => record.type === 'invoke' && record.client === client,
    );
  }

  private openCalls(client: HostId): InvokeRecord[] {
    const ended = new Set(
      this.free.records.flatMap((record) =>
        record.type === 'ok' || record.type === 'fail' || record.type === 'info'
          ? [record.call]
          : [],
      ),
    );
    return this.invocations(client).filter(({ call }) => !ended.has(call));
  }

  /** A call that its client did not live to see the end of (docs/semantics.md, R8). */
  private endInDoubt({ call, client, operation, action }: InvokeRecord): void {
    this.free.records.push({
      type: 'info',
      atUs: this.stage.nowUs(),
      call,
      client,
      operation,
      action,
      reason: 'client died',
    });
  }

  private below(n: number): number {
    return scale(mix(this.key, SUBJECT, 0, 0, this.drawn++), n);
  }

  private between(leastMs: number, mostMs: number): number {
    return leastMs + this.below(Math.max(1, Math.round(mostMs - leastMs)));
  }

  private of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

/** Clients that trouble is made for: the probe is none. */
export function troubled(stage: Stage): HostId[] {
  return [...stage.clients.keys()].filter((id) => id !== PROBE);
}
