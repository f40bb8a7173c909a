/**
 * Holdfast as a library: what a lock file or a workload imports, and the types of what the command
 * line writes as JSON. Locks are run by the command.
 */
export {
  CallTimeout,
  ConnectionLost,
  type Environment,
  type RedisArgument,
  type RedisConnection,
  type RedisReply,
  ReplyError,
  type Subscription,
} from './algorithms/environment.js';
export {
  type EtcdAnswer,
  type EtcdCompare,
  EtcdError,
  type EtcdEvent,
  type EtcdKeyValue,
  type EtcdLease,
  type EtcdOperation,
  type EtcdTxn,
  type EtcdWatch,
  type EtcdWatchNews,
} from './algorithms/etcd.js';
export type { EtcdConnection } from './algorithms/etcd-connection.js';
export { locks } from './algorithms/index.js';
export {
  type AcquireOptions,
  type Claim,
  type Claims,
  defineLock,
  type Flaw,
  type Grant,
  type Lock,
  type LockAlgorithm,
  type Refusal,
} from './algorithms/lock.js';
export type { OptionSpec, OptionSpecs, OptionValues } from './algorithms/option-spec.js';
export {
  PostgresError,
  type PostgresNotice,
  type PostgresNotification,
  type PostgresParameter,
  type PostgresResult,
  type PostgresRow,
  type PostgresValue,
} from './algorithms/postgres.js';
export type {
  PoolerMode,
  PostgresClient,
  PostgresConnection,
} from './algorithms/postgres-connection.js';
export { FAULT_CLASSES, type Fault, type FaultClass, type Trigger } from './fault.js';
export type { Declarations, History, HistoryRecord, Mode } from './history.js';
export type { Cell, Damage, Invariant } from './invariant.js';
export type { LockReport, PropertyReport } from './report.js';
export type { OperationPlan, Scenario } from './scenario.js';
export type { Trace } from './trace.js';
export { PROPERTIES, type Property, type PropertyVerdict, type Verdict } from './verdict.js';
export {
  defineWorkload,
  type Section,
  type Workload,
  type WorkloadClient,
} from './workloads/workload.js';
