/**
 * On how many servers the leases of a grant stand, at any position: what is there to be lost,
 * whatever its holder was promised. A later lease of the same key and server stands in place of
 * the earlier one (docs/semantics.md, R1).
 */
import { type Grant, type Lease, NONE } from './sections.js';
import { countLeading } from './sorted.js';

/** From this record on so many servers have a lease of the grant. */
interface Step {
  readonly at: number;
  readonly servers: number;
}

export class Standing {
  private readonly steps: Step[] = [];

  constructor(grant: Grant) {
    const changes: { at: number; lease: Lease; stands: boolean }[] = [];
    for (const lease of grant.leases) {
      changes.push({ at: lease.applied, lease, stands: true });
      if (lease.ended !== NONE) changes.push({ at: lease.ended, lease, stands: false });
    }
    changes.sort((a, b) => a.at - b.at);
    const live = new Map<string, Lease>();
    const keys = new Map<string, number>();
    for (const { at, lease, stands } of changes) {
      const { server, key } = lease.record;
      const name = `${server} ${key}`;
      const before = live.get(name);
      // The end of a lease that another one has replaced ends nothing.
      if (stands ? before === undefined : before === lease) {
        keys.set(server, (keys.get(server) ?? 0) + (stands ? 1 : -1));
      }
      if (stands) live.set(name, lease);
      else if (before === lease) live.delete(name);
      let servers = 0;
      for (const count of keys.values()) if (count > 0) servers++;
      this.steps.push({ at, servers });
    }
  }

  /** The servers that have a lease of the grant when so many records have happened. */
  serversAt(before: number): number {
    const passed = countLeading(this.steps, ({ at }) => at < before);
    return this.steps[passed - 1]?.servers ?? 0;
  }
}
