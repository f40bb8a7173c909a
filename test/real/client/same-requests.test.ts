/**
 * A lock sends the same requests to a real server as to a simulated one, with as many calls of its
 * environment, and hears the same: a grant that is renewed and released, for every lock, and one
 * whose first request or its reply is lost, for those that are not flawed.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import { locks } from '../../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import { resolveOptions } from '../../../src/algorithms/options.js';
import type { Options } from '../../../src/scenario.js';
import { replicasOf } from '../../../src/search/resolve-scenario.js';
import { SERVICES, type Service } from '../../../src/service.js';
import { create } from '../../algorithms/granted.js';
import { outcome } from '../../sim/run.js';
import { isInstalled } from '../servers/needing.js';
import { type Arm, type Stage, simulatedArm } from './arm.js';
import { startEtcdService } from './etcd-service.js';
import { serverCount, soundLocks } from './lock-story.js';
import { startPostgresService } from './postgres-service.js';
import { realArm, type StartedService } from './real-arm.js';
import { SERVERS, startRedisService } from './redis-service.js';
import type { Strike } from './tcp-proxy.js';
import { startZooKeeperService } from './zookeeper-service.js';

const TTL_MS = 10_000;
/** What a lock does behind its caller's back is done then; ZooKeeper's reconnects by chance. */
const QUIET_MS = { redis: 300, postgres: 300, etcd: 500, zookeeper: 1_500 } as const;

const START = {
  redis: () => startRedisService(SERVERS),
  postgres: startPostgresService,
  etcd: startEtcdService,
  zookeeper: startZooKeeperService,
} as const satisfies Record<Service, unknown>;
/** While nothing is in its way. */
const AT_ONCE_MS = 50;

/** Limits on answers that a busy machine could reach are none here. */
const PATIENT = { callTimeoutMs: 5_000, interruptAfterMs: 5_000 } as const;

function patient({ options }: LockAlgorithm): Options {
  return Object.fromEntries(Object.entries(PATIENT).filter(([name]) => name in options));
}

/** Of a story that goes otherwise on the real server; and of all of a service. */
const AGAIN_MAX = 2;
const ALL_AGAIN_MAX = 4;

const STRIKES: readonly Strike[] = ['lost-request', 'lost-reply'];

/** What became of a call to a lock, of which some throw. */
async function told<T>(call: Promise<T> | undefined): Promise<T | string | undefined> {
  const [how, what] = await outcome(Promise.resolve(call));
  return how === 'ok' ? what : `${what.name}: ${what.message}`;
}

/** What a lock does and hears. */
async function seen(arm: Arm, algorithm: LockAlgorithm, quietMs: number, strike?: Strike) {
  const code = async ({ env, armed }: Stage) => {
    let owners = 0;
    const ownerId = () => {
      env.ownerId();
      owners += 1;
      return `owner-${owners}`;
    };
    const noting: Environment = Object.create(env, { ownerId: { value: ownerId } });
    const lock = create(algorithm, noting, patient(algorithm));
    if (strike !== undefined) {
      // Connected, and then struck.
      const first = await lock.acquire('job', { ttlMs: TTL_MS, waitMs: 0 });
      if (first.granted) await first.release();
      await env.sleep(AT_ONCE_MS);
      await armed();
    }
    const grant = await told(lock.acquire('job', { ttlMs: TTL_MS, waitMs: 0 }));
    if (typeof grant !== 'object' || !grant.granted) {
      await env.sleep(quietMs);
      return typeof grant === 'object' ? grant.reason : grant;
    }
    // What was sent in the background is answered before anything else is done.
    await env.sleep(AT_ONCE_MS);
    const renewed = await told(grant.renew?.(TTL_MS));
    const released = await told(grant.release());
    await env.sleep(quietMs);
    return { renewed, released, fenced: grant.fencingToken !== undefined };
  };
  const { schema } = algorithm;
  const setting = {
    servers: serverCount(algorithm),
    replicas: replicasOf(algorithm, resolveOptions(algorithm, {})),
    ...(schema !== undefined && { schema }),
    ...(strike && { strike }),
  };
  const { A: did } = await arm.run({ A: code }, setting);
  const sent = did!.sent.filter((text) => text !== 'ping').map(anonymous);
  return { value: did!.value, sent, entered: did!.entered };
}

/** Ids of leases and sessions, revisions and times are of one run alone. */
function anonymous(text: string): string {
  return text
    .replace(/(--lease=|lease (?:keep-alive|revoke) |job\/)[0-9a-f]+/g, '$1<lease>')
    .replace(/(--max-create-rev=|create\("[^"]+"\) = ")[1-9]\d*/g, '$1<revision>')
    .replace(/session \d+/, 'session <id>')
    .replace(/\b\d{13}\b|'\d{4}-\d\d-\d\d [^']*'/g, '<time>');
}

/** A lock, and what befalls its first request. */
type Story = LockAlgorithm & { readonly strike?: Strike };

function storiesOf(service: Service): readonly Story[] {
  // Of several servers it matters which of them answers first.
  const struck = soundLocks(service).filter((lock) => serverCount(lock) === 1);
  return [
    ...struck.flatMap((lock) => STRIKES.map((strike) => ({ ...lock, strike }))),
    ...locks.filter(({ services }) => services[service] !== undefined),
  ];
}

/**
 * What is seen of a story on a real and on a simulated server. A machine that stalls makes a
 * deadline look twice, and an answer in the background come after what its caller did next: only
 * what differs every time is another behaviour.
 */
async function compared(service: StartedService, { strike, ...algorithm }: Story) {
  const quietMs = strike === undefined ? AT_ONCE_MS : QUIET_MS[service.service];
  const simulated = await seen(simulatedArm(service.service), algorithm, quietMs, strike);
  let real = await seen(realArm(service), algorithm, quietMs, strike);
  let again = 0;
  while (again < AGAIN_MAX && !isDeepStrictEqual(real, simulated)) {
    again += 1;
    real = await seen(realArm(service), algorithm, quietMs, strike);
  }
  return { real, simulated, again };
}

/** The stories of a service one after the other; services side by side, since they mostly wait. */
class Playing {
  readonly results = new Map<Story, ReturnType<typeof compared>>();
  private readonly service: Promise<StartedService>;
  private over: Promise<unknown>;

  constructor(name: Service) {
    this.service = START[name]();
    this.over = this.service;
  }

  /** Begins when all of them have started: that takes more of a machine than all stories do. */
  begin(stories: readonly Story[], others: readonly Playing[]): void {
    const started = Promise.all(others.map(({ service }) => service));
    this.over = started.catch(() => {});
    for (const story of stories) {
      const result = this.over.then(async () => compared(await this.service, story));
      this.results.set(story, result);
      this.over = result.catch(() => {});
    }
  }

  async end(): Promise<void> {
    await this.over;
    await (await this.service).stop();
  }
}

const stories = SERVICES.filter((name) => isInstalled(name)).map(
  (name) => [name, storiesOf(name)] as const,
);
const playing = new Map<Service, Playing>();
beforeAll(() => {
  for (const [name] of stories) playing.set(name, new Playing(name));
  for (const [name, all] of stories) playing.get(name)!.begin(all, [...playing.values()]);
});
afterAll(async () => {
  for (const one of playing.values()) await one.end();
});

describe.each(stories)('on %s', (name, all) => {
  test.each(all.map((story) => [story.name, story.strike ?? 'undisturbed', story] as const))(
    '%s, %s',
    async (_name, _strike, story) => {
      const { real, simulated } = await playing.get(name)!.results.get(story)!;
      expect(real).toEqual(simulated);
    },
  );

  test('hardly any had to be told again', async () => {
    const told = await Promise.all(playing.get(name)!.results.values());
    const again = told.reduce((sum, one) => sum + one.again, 0);
    expect(again).toBeLessThanOrEqual(ALL_AGAIN_MAX);
  });
});
