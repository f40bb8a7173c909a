/**
 * What stands in for a Redis where there is none: ioredis-mock. It is no Redis, and differs from
 * one in what it answers (reports/conformance.md), so it is named wherever it ran, and what breaks
 * on it is held against nobody.
 */
import { createRequire } from 'node:module';
import type { HostId } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { respFraming } from '../proxy/resp.js';
import { framed, type Upstream } from '../proxy/tunnel.js';
import { HOW_TO_INSTALL, isAbsent } from '../servers/available.js';
import { ServerTrouble } from '../servers/trouble.js';
import { NO_POOLERS, type StoryServer } from '../stage/story-server.js';
import { type MockClient, RespServer } from './resp-server.js';

export const PACKAGE = 'ioredis-mock';

type Mock = new (options: { readonly host: string; readonly port: number }) => MockClient;

/** Whether there is no redis-server, so that something has to stand in for it. */
export function mustStandIn(): boolean {
  return isAbsent('redis');
}

export class RedisStandIn implements StoryServer {
  readonly open = framed(respFraming);
  readonly poolers = NO_POOLERS;
  readonly clockOffsetUs = 0;
  readonly expiryMarginUs = 12_000;
  readonly isStandIn = true;

  private constructor(
    readonly id: HostId,
    private readonly version: string,
    private readonly server: RespServer,
  ) {}

  /** @throws ServerTrouble if it is not there either, or cannot do what the lock needs. */
  static async start(
    { id }: ServerPlan,
    isReplicated: boolean,
    name = PACKAGE,
  ): Promise<RedisStandIn> {
    if (isReplicated) {
      throw new ServerTrouble(
        `the lock counts on replicas of ${id}, and redis-server is not installed: ${PACKAGE}, ` +
          `which could stand in for it, has none; ${HOW_TO_INSTALL}`,
      );
    }
    const { Mock, version } = await load(name);
    // Clients of one place see the same data, those of another one other data.
    const server: RespServer = new RespServer(
      () => new Mock({ host: `stand-in-${server.port}`, port: server.port }),
    );
    await server.listen();
    return new RedisStandIn(id, version, server);
  }

  get program(): string {
    return (
      `${PACKAGE} ${this.version} in place of redis-server, which is not installed ` +
      '(scripts/install-servers)'
    );
  }

  get upstream(): Upstream {
    return { host: this.server.host, port: this.server.port };
  }

  beat(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  applied(): void {}

  crash = cannot;
  restart = cannot;
  stepClock = cannot;
  setRate = cannot;
  detach = cannot;
  promote = cannot;

  stop(): Promise<void> {
    this.server.close();
    return Promise.resolve();
  }
}

function cannot(): Promise<never> {
  return Promise.reject(new TypeError('nothing is done to what stands in for a server'));
}

async function load(name: string): Promise<{ readonly Mock: Mock; readonly version: string }> {
  try {
    const { default: Mock } = (await import(name)) as { readonly default: Mock };
    const { version } = createRequire(import.meta.url)(`${name}/package.json`) as {
      readonly version: string;
    };
    return { Mock, version };
  } catch {
    throw new ServerTrouble(
      `redis-server is not installed, and ${name}, which could stand in for it, neither: ` +
        `apt-get install redis-server, or npm install --save-dev ${name}; or name a Redis ` +
        'that runs, as in --redis redis://127.0.0.1:6379',
    );
  }
}
