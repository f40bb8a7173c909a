/**
 * A server of a scenario as a real one: what the faults of a story do to it. There is one kind for
 * each service; each is started with what its story needs and with nothing else.
 */
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId, Struck } from '../../fault.js';
import type { Login } from '../given/service.js';
import type { OpenTunnel, Upstream } from '../proxy/tunnel.js';

/** What a story can do to a server, whatever its service. */
export interface StoryServer {
  readonly id: HostId;
  /** Name and version of what runs, `redis 7.0.15`. */
  readonly program: string;
  /** Whether it is another program in place of the server: what breaks there proves nothing. */
  readonly isStandIn?: boolean;
  /** Where clients are sent; another place after a failover. */
  readonly upstream: Upstream;
  /** What clients say of themselves there; absent: what they say to any server. */
  readonly login?: Login | undefined;
  /** Where those are sent who go through a pooler. */
  readonly poolers: readonly StoryPooler[];
  /** How its connections are tunnelled. */
  readonly open: OpenTunnel;
  /** It may end a lease so much later than its time. */
  readonly expiryMarginUs: number;
  /** When it looks at its leases; undefined: at instants that do not matter. */
  beat(): Promise<Beat | undefined>;
  /** How its wall clock differs from true time now. */
  readonly clockOffsetUs: number;
  /** A request was applied at that instant of the story. */
  applied(storyUs: number): void;
  crash(storyUs: number): Promise<void>;
  restart(): Promise<void>;
  stepClock(byUs: number): Promise<void>;
  setRate(ratePpm: number): Promise<void>;
  /** Replica number `replica` (from 1) has all that was done so far, and will get no more. */
  detach(replica: number): Promise<void>;
  /** That replica takes the server's place; `struck` is what the failover met in the story. */
  promote(replica: number, struck?: Struck): Promise<void>;
  /** After that: how long the others were without a leader, once they have one. */
  readonly electedAfterUs?: Promise<number> | undefined;
  /** Who was cut off or stalled is back. */
  heal?(): Promise<void>;
  /** Where that server of an ensemble is (from 1; the first led when the story began). */
  placeOf?(member: number): Promise<Upstream>;
  stop(): Promise<void>;
}

/** A simulated server looks from the start of a run on, so often. */
export interface Beat {
  readonly periodUs: number;
  /** One of the instants, on the clock that all processes share. */
  readonly atUs: number;
}

export interface StoryPooler {
  readonly mode: PoolerMode;
  readonly upstream: Upstream;
}

export const NO_POOLERS: readonly StoryPooler[] = [];
