/**
 * The servers of an ensemble and the log between them: who leads, who can reach whom, and when each
 * has applied what. Everything committed reaches every server, later where one lags or is cut off;
 * servers that are cut off, and a leader without a majority, stop to serve after `syncLimit` ticks,
 * which count from the cut (in a real one from the last packet, up to half a tick before), and an
 * election takes no time (upstream quorum/Leader.java, Learner.java, LearnerHandler.java of 3.8.0).
 */
import { Member } from './member.js';
import type { ZooKeeperPort, ZooKeeperServerOptions } from './port.js';
import type { Transaction } from './transaction.js';

interface Entry {
  readonly transaction: Transaction;
  readonly atUs: number;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Ensemble {
  readonly members: readonly Member[];
  leader: Member;
  /** Since when no majority has a leader; undefined: one has. */
  private headlessSinceMs: number | undefined = undefined;
  /** What some server has not applied yet; `trimmed` entries before it are gone. */
  private log: Entry[] = [];
  private trimmed = 0;
  private readonly patienceMs: number;

  constructor(
    options: ZooKeeperServerOptions,
    private readonly port: ZooKeeperPort,
    closed: (connection: number) => void,
  ) {
    const lags = [0, ...options.followerLagUs];
    this.members = lags.map((lagUs, index) => new Member(index + 1, lagUs, port, closed));
    this.leader = this.members[0]!;
    this.patienceMs = options.syncLimit * options.tickTimeMs;
  }

  /** Whether the leader can commit. */
  get hasQuorum(): boolean {
    return this.headlessSinceMs === undefined;
  }

  get isAlone(): boolean {
    return this.members.length === 1;
  }

  commit(transaction: Transaction): void {
    if (!this.isAlone) this.log.push({ transaction, atUs: this.port.monoUs() });
    this.leader.apply(transaction);
    if (this.isAlone) return;
    this.leader.applied = this.trimmed + this.log.length;
    this.deliver();
  }

  /** Lets the followers apply what has reached them. */
  deliver(): void {
    const nowUs = this.port.monoUs();
    for (const member of this.members) {
      if (member !== this.leader && member.cutOffAtMs === undefined) {
        this.catchUp(member, nowUs - member.lagUs);
      }
    }
    this.trim();
  }

  private catchUp(member: Member, untilUs: number): void {
    for (let entry = this.nextFor(member); entry !== undefined; entry = this.nextFor(member)) {
      if (entry.atUs > untilUs) return;
      member.applied += 1;
      member.apply(entry.transaction);
    }
  }

  private nextFor(member: Member): Entry | undefined {
    return this.log[member.applied - this.trimmed];
  }

  private trim(): void {
    const least = Math.min(...this.members.map(({ applied }) => applied));
    if (least === this.trimmed) return;
    this.log = this.log.slice(least - this.trimmed);
    this.trimmed = least;
  }

  /** When something reaches a follower, or a server's patience ends; ∞: nothing is under way. */
  nextAtUs(): number {
    let atUs = NEVER;
    for (const member of this.members) {
      const { cutOffAtMs, lagUs } = member;
      const next = cutOffAtMs === undefined ? this.nextFor(member) : undefined;
      if (next !== undefined) atUs = Math.min(atUs, next.atUs + lagUs);
      if (cutOffAtMs !== undefined && !member.stopped) {
        atUs = Math.min(atUs, (cutOffAtMs + this.patienceMs) * 1000);
      }
    }
    const { headlessSinceMs } = this;
    if (headlessSinceMs === undefined || this.linked().every(({ stopped }) => stopped)) return atUs;
    return Math.min(atUs, (headlessSinceMs + this.patienceMs) * 1000);
  }

  private linked(): Member[] {
    return this.members.filter(({ cutOffAtMs }) => cutOffAtMs === undefined);
  }

  isolate(member: Member, nowMs: number): void {
    member.cutOffAtMs ??= nowMs;
    if (this.leader.cutOffAtMs !== undefined || !this.isMajority(this.linked())) {
      this.headlessSinceMs ??= nowMs;
    }
  }

  private isMajority(members: readonly Member[]): boolean {
    return members.length > this.members.length / 2;
  }

  /** The answer: whether there is a leader again who was not one just before. */
  rejoin(member: Member): boolean {
    member.cutOffAtMs = undefined;
    const linked = this.linked();
    if (this.headlessSinceMs === undefined) {
      member.stopped = false;
    } else if (this.isMajority(linked)) {
      const { leader } = this;
      const canGoOn = leader.cutOffAtMs === undefined && !leader.stopped;
      if (!canGoOn) return this.elect(linked);
      this.headlessSinceMs = undefined;
      member.stopped = false;
    }
    this.deliver();
    return false;
  }

  /** Ends the service of those whose patience is over; whether there is a new leader. */
  supervise(nowMs: number): boolean {
    for (const member of this.members) {
      const { cutOffAtMs } = member;
      if (cutOffAtMs === undefined || nowMs < cutOffAtMs + this.patienceMs) continue;
      stop(member);
    }
    const { headlessSinceMs } = this;
    if (headlessSinceMs === undefined || nowMs < headlessSinceMs + this.patienceMs) return false;
    const linked = this.linked();
    if (this.isMajority(linked)) return this.elect(linked);
    for (const member of linked) stop(member);
    return false;
  }

  private elect(candidates: readonly Member[]): true {
    this.lead(candidates[this.port.choose(candidates.length)]!);
    return true;
  }

  /** `member` leads with all that was ever committed, and all servers begin with no connections. */
  lead(member: Member): void {
    this.leader = member;
    this.headlessSinceMs = undefined;
    for (const server of this.members) {
      if (server.cutOffAtMs !== undefined) continue;
      server.closeAll();
      server.stopped = false;
      this.catchUp(server, NEVER);
    }
    this.trim();
  }

  /** After a crash: everybody is back, with the log of the leader. */
  restart(): void {
    for (const member of this.members) member.cutOffAtMs = undefined;
    this.lead(this.leader);
  }

  /** Nothing is left of what was written. */
  forget(): void {
    for (const member of this.members) {
      const { observe } = member.tree;
      member.tree = member.emptyTree();
      member.tree.observe = observe;
      member.applied = 0;
    }
    this.log = [];
    this.trimmed = 0;
  }
}

function stop(member: Member): void {
  if (member.stopped) return;
  member.stopped = true;
  member.closeAll();
}
