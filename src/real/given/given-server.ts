/**
 * A server of the user's as one of a story. Messages to it are held, lost and delayed like any
 * others, by proxies of ours; the server itself is left alone.
 */
import type { Fault, HostId } from '../../fault.js';
import type { OpenTunnel, Upstream } from '../proxy/tunnel.js';
import { CannotBePlayed } from '../replay/deviation.js';
import type { ServerAddress } from '../servers/address.js';
import type { Poolers } from '../stage/poolers.js';
import {
  type Beat,
  NO_POOLERS,
  type StoryPooler,
  type StoryServer,
} from '../stage/story-server.js';
import type { GivenService, Login } from './service.js';

/** What these faults do is done to a server, and not on the way to it. */
const DONE_TO_IT: Readonly<Record<string, string>> = {
  'server-crash': 'is to be killed and started again',
  failover: 'is to hand over to another one',
  'clock-step': 'is to have its clock set',
  'clock-drift': 'is to have its clock run at another rate',
};

export class GivenServer implements StoryServer {
  readonly clockOffsetUs = 0;
  readonly open: OpenTunnel;
  readonly expiryMarginUs: number;
  readonly program: string;
  readonly login: Login | undefined;
  private bouncers: Poolers | undefined;

  constructor(
    readonly id: HostId,
    private readonly service: GivenService,
    private readonly address: ServerAddress,
    version: string,
    mark: string,
  ) {
    this.open = service.open(address);
    this.expiryMarginUs = service.expiryMarginUs;
    this.program = `${address.service} ${version} at ${address.shown}`;
    this.login = service.login?.(address, mark);
  }

  /** @throws {CannotBePlayed} if one of these faults, all of this server, is done to it. */
  refuse(faults: readonly Fault[]): void {
    for (const { class: kind } of faults) {
      const what = DONE_TO_IT[kind];
      if (what === undefined) continue;
      throw new CannotBePlayed(
        `${this.id}, ${this.address.shown}, ${what}: that is done to servers that Holdfast ` +
          `starts itself, and never to one of yours; leave --${this.address.service} out`,
      );
    }
  }

  /** Starts what is in front of it; it ends with `stop`. */
  async openPoolers(): Promise<void> {
    this.bouncers = await this.service.poolers?.(this.address, this.id);
  }

  get poolers(): readonly StoryPooler[] {
    return this.bouncers?.all ?? NO_POOLERS;
  }

  get upstream(): Upstream {
    const { host, port } = this.address;
    return { host, port };
  }

  beat(): Promise<Beat | undefined> {
    return this.service.beat(this.address);
  }

  applied(): void {}

  crash = untouched;
  restart = untouched;
  stepClock = untouched;
  setRate = untouched;
  detach = untouched;
  promote = untouched;

  /** It goes on; what the run left there is removed with its mark. */
  async stop(): Promise<void> {
    await this.bouncers?.stop();
  }
}

function untouched(): Promise<never> {
  return Promise.reject(new TypeError('a server of the user is not touched'));
}
