/**
 * Servers that the user already has, to be used by runs in place of servers of our own: each was
 * looked at before anything began, and is lent to one run after the other.
 */
import { randomBytes } from 'node:crypto';
import { UsageError } from '../../host/engine-api.js';
import type { Scenario } from '../../scenario.js';
import { type Service, serviceOf } from '../../service.js';
import type { ClientJob } from '../client/job.js';
import type { ServerAddress } from '../servers/address.js';
import { probe } from '../servers/probe.js';
import { ServerTrouble } from '../servers/trouble.js';
import { isReplicated } from '../stage/replicated.js';
import { type LentServer, Loan, lentTo } from './loan.js';

/** What keys begin with, and only keys of ours. */
export type DrawMark = () => string;

const drawn: DrawMark = () => `hf-${randomBytes(4).toString('hex')}`;

type Had = ReadonlyMap<Service, readonly Omit<LentServer, 'id'>[]>;

/** Who uses the servers; it ends as soon as it is told. */
export interface Borrower {
  readonly lock: ClientJob['lock'];
  readonly scenario: Scenario;
  readonly schema: string | undefined;
  /** Ends its clients and gives the servers back. */
  close(): Promise<void>;
}

/**
 * Looks at each of these servers.
 *
 * @throws ServerTrouble that says why one cannot be used.
 * @throws UsageError if two addresses are of the same server.
 */
export async function lookAt(
  addresses: readonly ServerAddress[],
  draw: DrawMark = drawn,
): Promise<GivenServers> {
  const had = new Map<Service, Omit<LentServer, 'id'>[]>();
  const found = await Promise.all(addresses.map((address) => probe(address)));
  for (const [index, address] of addresses.entries()) {
    const { version, identity } = found[index]!;
    const first = found.findIndex((one) => identity !== undefined && one.identity === identity);
    if (first >= 0 && first < index) {
      throw new UsageError(
        `--${address.service} names one server twice, as ${addresses[first]!.shown} and as ` +
          `${address.shown}: it would count as two; name it once`,
      );
    }
    const known = had.get(address.service) ?? [];
    had.set(address.service, [...known, { address, version }]);
  }
  return new GivenServers(had, draw);
}

export class GivenServers {
  /** Whom they are lent to, and how; of runs one follows the other. */
  private current: { readonly borrower: Borrower; readonly loan: Loan } | undefined;

  constructor(
    private readonly had: Had,
    private readonly draw: DrawMark,
  ) {}

  /**
   * Lends the servers of a scenario.
   *
   * @throws UsageError if they are too few, or of another service than the lock uses.
   * @throws ServerTrouble if they cannot be used for it.
   */
  async lend(borrower: Borrower): Promise<Loan> {
    const { lock, scenario, schema } = borrower;
    this.refuseOthers(scenario);
    refuseReplicas(lock, scenario, this.had);
    const loan = new Loan(this.draw(), lentTo(scenario, this.had));
    this.current = { borrower, loan };
    try {
      await loan.claim(schema);
    } catch (error) {
      await loan.giveBack();
      throw error;
    }
    return loan;
  }

  private refuseOthers({ algorithm, servers }: Scenario): void {
    for (const [service, had] of this.had) {
      const wanted = servers.filter(({ id }) => serviceOf(id) === service).length;
      if (wanted === 0) {
        throw new UsageError(
          `--${service}: ${algorithm} uses no server of that kind; leave it out`,
        );
      }
      if (wanted > had.length) {
        throw new UsageError(
          `--${service} names ${had.length}, and ${algorithm} takes ${wanted} independent ` +
            `servers: name ${wanted}, separated by commas`,
        );
      }
    }
  }

  /** Ends whatever uses them, now; what it made there is removed. */
  async release(): Promise<void> {
    await this.current?.borrower.close();
    await this.current?.loan.giveBack();
  }
}

/** Replicas would be told whom to follow: that is nothing to be done to a server of the user's. */
function refuseReplicas(lock: ClientJob['lock'], scenario: Scenario, had: Had): void {
  if (!had.has('redis') || !isReplicated(lock, scenario)) return;
  throw new ServerTrouble(
    `${scenario.algorithm} counts on replicas, which Holdfast gives only to servers that it ` +
      'starts itself: leave --redis out',
  );
}
