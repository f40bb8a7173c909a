/** The locks and workloads that the page knows: all of them, or one by its name. */
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import { OptionError } from '../../../src/algorithms/options.js';
import { nearest } from '../../../src/nearest.js';
import {
  DEFAULT_WORKLOAD,
  workloadNamed,
  workloadNames,
  workloads,
} from '../../../src/workloads/index.js';
import type { Workload } from '../../../src/workloads/workload.js';
import { LOCK_TABLE } from './lock-table.js';
import type { Catalogue } from './protocol.js';

/** @throws {OptionError} if no built-in lock is called so. */
export async function loadLock(name: string): Promise<LockAlgorithm> {
  const names = Object.keys(LOCK_TABLE);
  if (names.includes(name)) return (await LOCK_TABLE[name]!()).default;
  throw new OptionError(`there is no lock ${name}${hint(name, names)}`, 'algorithm');
}

/** All that somebody may choose of; loads every lock. */
export async function catalogue(): Promise<Catalogue> {
  const modules = await Promise.all(Object.values(LOCK_TABLE).map((load) => load()));
  return {
    locks: modules.map(({ default: lock }) => {
      const { name, summary, source, services, replicas, options, flaw, fixedBy } = lock;
      return {
        ...{ name, summary, source, services, options },
        ...(replicas !== undefined && { replicas }),
        ...(flaw !== undefined && { flaw }),
        ...(fixedBy !== undefined && { fixedBy }),
      };
    }),
    workloads: workloads.map(({ name, summary, needs }) => {
      return { name, summary, ...(needs !== undefined && { needs }) };
    }),
  };
}

/** @throws {OptionError} if no built-in workload is called so. */
export function findWorkload(name: string | undefined): Workload {
  if (name === undefined) return DEFAULT_WORKLOAD;
  const found = workloadNamed(workloads, name);
  if (found !== undefined) return found;
  const names = workloadNames(workloads);
  throw new OptionError(`there is no workload ${name}${hint(name, names)}`, 'workload');
}

function hint(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
}
