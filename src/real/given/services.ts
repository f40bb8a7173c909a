/** How each service is used where it is the user's. */
import type { Service } from '../../service.js';
import { GIVEN_ETCD } from './etcd.js';
import { GIVEN_POSTGRES } from './postgres.js';
import { GIVEN_REDIS } from './redis.js';
import type { GivenService } from './service.js';
import { GIVEN_ZOOKEEPER } from './zookeeper.js';

export const GIVEN: Readonly<Record<Service, GivenService>> = {
  redis: GIVEN_REDIS,
  postgres: GIVEN_POSTGRES,
  etcd: GIVEN_ETCD,
  zookeeper: GIVEN_ZOOKEEPER,
};
