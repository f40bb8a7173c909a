/**
 * On how many servers the leases of a grant stand, at any position: what is there to be lost,
 * whatever its holder was promised. A later lease of the same key and server stands in place of
 * the earlier one (docs/semantics.md, R1).
 */
import { type Grant, type Lease, NONE } from './sections.js';
import { countLeading, sortFew } from './sorted.js';

/** From this record on so many servers have a lease of the grant. */
interface Step {
  readonly at: number;
  readonly servers: number;
}

export class Standing {
  /** Worked out when somebody asks: of most grants nobody does. */
  private steps: readonly Step[] | undefined;

  constructor(private readonly grant: Grant) {}

  /** The servers that have a lease of the grant when so many records have happened. */
  serversAt(before: number): number {
    this.steps ??= stepsOf(this.grant);
    const passed = countLeading(this.steps, ({ at }) => at < before);
    return this.steps[passed - 1]?.servers ?? 0;
  }
}

function stepsOf(grant: Grant): Step[] {
  const changes: { at: number; lease: Lease; stands: boolean }[] = [];
  for (const lease of grant.leases) {
    changes.push({ at: lease.applied, lease, stands: true });
    if (lease.ended !== NONE) changes.push({ at: lease.ended, lease, stands: false });
  }
  sortFew(changes, (a, b) => a.at - b.at);
  /** At most one for each key and server. */
  const live: Lease[] = [];
  return changes.map(({ at, lease, stands }) => {
    const { server, key } = lease.record;
    const place = live.findIndex(({ record }) => record.server === server && record.key === key);
    if (stands) live[place < 0 ? live.length : place] = lease;
    // The end of a lease that another one has replaced ends nothing.
    else if (live[place] === lease) live.splice(place, 1);
    return { at, servers: new Set(live.map(({ record }) => record.server)).size };
  });
}
