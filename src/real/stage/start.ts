/**
 * Starts the server of a plan for a story, unless a fault of the story has no counterpart there.
 */
import type { Fault } from '../../fault.js';
import type { ServerPlan } from '../../scenario.js';
import { serviceOf } from '../../service.js';
import type { Loan } from '../given/loan.js';
import { CannotBePlayed } from '../replay/deviation.js';
import { mustStandIn, RedisStandIn } from '../stand-in/redis-stand-in.js';
import { StoryEtcd } from './story-etcd.js';
import { StoryPostgres } from './story-postgres.js';
import { StoryRedis } from './story-redis.js';
import type { StoryServer } from './story-server.js';
import { StoryZooKeeper } from './story-zookeeper.js';

/** What is less takes minutes to be seen. */
const LEAST_DRIFT_PPM = 100_000;

/** What a server of a story is started with. */
export interface StoryServerRequest {
  readonly plan: ServerPlan;
  /** All of the story. */
  readonly faults: readonly Fault[];
  /** How long one of its servers is cut off from the others. */
  readonly cutOffMs: number;
  /** SQL that the lock wants run beforehand. */
  readonly schema: string | undefined;
  /** Servers of the user's, to be used in place of servers of our own. */
  readonly loan: Loan | undefined;
  /** Whether something else may stand in for a server that is not installed. */
  readonly mayStandIn: boolean;
  /** Whether the lock counts on replicas. */
  readonly isReplicated: boolean;
}

/** @throws {CannotBePlayed} if a fault of the story has no counterpart on a real server here. */
export async function startStoryServer(request: StoryServerRequest): Promise<StoryServer> {
  const { plan, faults, cutOffMs, schema, loan, mayStandIn, isReplicated } = request;
  for (const fault of faults) {
    if (fault.class === 'clock-drift' && Math.abs(fault.ppm) < LEAST_DRIFT_PPM) {
      const drift = `the clock of ${fault.host} drifts by ${fault.ppm} ppm`;
      throw new CannotBePlayed(`${drift}: below 10 % it is lost in the lateness of a real machine`);
    }
  }
  const service = serviceOf(plan.id);
  const own = faults.filter((fault) => 'host' in fault && fault.host === plan.id);
  const given = loan?.serverOf(plan.id);
  if (given !== undefined) {
    given.refuse(own);
    await given.openPoolers();
    return given;
  }
  switch (service) {
    case 'redis':
      if (mayStandIn && mustStandIn()) return RedisStandIn.start(plan, isReplicated);
      return StoryRedis.start(plan, own, isReplicated);
    case 'postgres':
      return StoryPostgres.start(plan, own, schema);
    case 'etcd':
      return StoryEtcd.start(plan, own);
    case 'zookeeper':
      return StoryZooKeeper.start(plan, own, cutOffMs);
    default:
      throw new TypeError(`no such server: ${plan.id}`);
  }
}
