/**
 * Advisory locks (PostgreSQL documentation, "Advisory Lock Functions"; sources: lockfuncs.c). One
 * bigint or two integers name a lock; the two kinds of names never meet.
 */
import type { Execution } from '../execution.js';
import type { AdvisoryKey, Lock } from '../locks/lock-manager.js';
import { EXCLUSIVE, SHARE } from '../locks/modes.js';
import type { Type } from '../types/type.js';
import type { Value } from '../types/value.js';
import { effect, type FunctionTable, type SqlFunction, waiting } from './function.js';

/** The database that `postgres` is in every installation. */
const DATABASE = 5;

function lockOf(execution: Execution, args: readonly Value[]): Lock {
  const { locks } = execution.engine;
  if (args.length === 1) {
    const key = BigInt.asUintN(64, args[0] as bigint);
    const name: AdvisoryKey = { id: `1 ${key}`, text: String(args[0]) };
    const high = key >> 32n;
    const low = key & 0xffff_ffffn;
    return locks.advisoryLock(name, () => `advisory lock [${DATABASE},${high},${low},1]`);
  }
  const [first, second] = args as readonly [number, number];
  const name: AdvisoryKey = { id: `2 ${first} ${second}`, text: `${first},${second}` };
  return locks.advisoryLock(
    name,
    () => `advisory lock [${DATABASE},${first >>> 0},${second >>> 0},2]`,
  );
}

type Level = 'session' | 'transaction';

function lock(args: readonly Type[], mode: number, level: Level): SqlFunction {
  return waiting(args, (execution, values) =>
    execution.acquire(lockOf(execution, values), mode, level),
  );
}

function tryLock(args: readonly Type[], mode: number, level: Level): SqlFunction {
  return effect(args, 'bool', (execution, values) => {
    const { engine, session } = execution;
    const wanted = lockOf(execution, values);
    const got = engine.locks.tryAcquire(session, wanted, mode, level);
    if (got) engine.acquired(session, wanted, mode, level);
    return got;
  });
}

function unlock(args: readonly Type[], mode: number): SqlFunction {
  return effect(args, 'bool', (execution, values) =>
    execution.engine.unlockAdvisory(execution.session, lockOf(execution, values), mode),
  );
}

const KEYS: readonly (readonly Type[])[] = [['int8'], ['int4', 'int4']];

const both = (make: (args: readonly Type[]) => SqlFunction): readonly SqlFunction[] =>
  KEYS.map(make);

export const ADVISORY: FunctionTable = {
  pg_advisory_lock: both((args) => lock(args, EXCLUSIVE, 'session')),
  pg_advisory_lock_shared: both((args) => lock(args, SHARE, 'session')),
  pg_advisory_xact_lock: both((args) => lock(args, EXCLUSIVE, 'transaction')),
  pg_advisory_xact_lock_shared: both((args) => lock(args, SHARE, 'transaction')),
  pg_try_advisory_lock: both((args) => tryLock(args, EXCLUSIVE, 'session')),
  pg_try_advisory_lock_shared: both((args) => tryLock(args, SHARE, 'session')),
  pg_try_advisory_xact_lock: both((args) => tryLock(args, EXCLUSIVE, 'transaction')),
  pg_try_advisory_xact_lock_shared: both((args) => tryLock(args, SHARE, 'transaction')),
  pg_advisory_unlock: both((args) => unlock(args, EXCLUSIVE)),
  pg_advisory_unlock_shared: both((args) => unlock(args, SHARE)),
  pg_advisory_unlock_all: [
    effect([], 'void', (execution) => {
      execution.engine.unlockAllAdvisory(execution.session, 'released');
      return '';
    }),
  ],
};
