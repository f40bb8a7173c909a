/**
 * The locks as a list to choose of: by the service they use, and those that are wrong on purpose by
 * themselves. By their names and order alone, since no lock is loaded before it is chosen.
 */

/** In the list of all locks the flawed ones come last, from this one on. */
const FIRST_FLAWED = 'blind-delete';

export interface LockGroup {
  readonly label: string;
  readonly names: readonly string[];
}

const SERVICES: readonly (readonly [label: string, isOne: RegExp])[] = [
  ['PostgreSQL', /^postgres-/],
  ['etcd', /^(?:etcd-|lease-lock$)/],
  ['ZooKeeper', /^zookeeper-/],
  ['Redis', /./],
];

/** @param names of all locks, in their order. */
export function lockGroups(names: readonly string[]): readonly LockGroup[] {
  const flawed = names.indexOf(FIRST_FLAWED);
  const labelOf = (name: string, at: number) =>
    at >= flawed ? 'Wrong on purpose' : SERVICES.find(([, isOne]) => isOne.test(name))![0];
  const groups = new Map<string, string[]>();
  names.forEach((name, at) => {
    const label = labelOf(name, at);
    groups.set(label, [...(groups.get(label) ?? []), name]);
  });
  return [...groups].map(([label, found]) => ({ label, names: found }));
}
