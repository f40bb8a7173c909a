/**
 * Servers of the user's, lent to one run: it draws a mark, takes care that nobody else has it,
 * and gives the servers back as they were.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { HostId } from '../../fault.js';
import type { Scenario } from '../../scenario.js';
import { serviceOf } from '../../service.js';
import { all } from '../all.js';
import { Revisions } from '../history/revisions.js';
import type { ServerAddress } from '../servers/address.js';
import { Obstacle } from '../servers/obstacle.js';
import { ServerTrouble } from '../servers/trouble.js';
import { GivenServer } from './given-server.js';
import { abandonedMarks, forgetMark, noteMark, placeOf } from './note.js';
import { Renaming } from './renaming.js';
import { GIVEN } from './services.js';

/** What was on its way to a server when its client ended is there by then. */
const SETTLED_MS = 20;

export interface LentServer {
  readonly id: HostId;
  readonly address: ServerAddress;
  readonly version: string;
}

export class Loan {
  readonly renaming: Renaming;
  /** Addresses at which everything with the mark is ours. */
  private readonly claimed = new Set<ServerAddress>();
  private claiming: Promise<void> = Promise.resolve();
  private givenBack: Promise<void> | undefined;

  constructor(
    private readonly mark: string,
    private readonly lent: readonly LentServer[],
  ) {
    this.renaming = new Renaming(mark);
  }

  /** The server of that name if it is one of the user's, and not one to be started. */
  serverOf(id: HostId): GivenServer | undefined {
    const found = this.lent.find((one) => one.id === id);
    if (found === undefined) return undefined;
    const { address, version } = found;
    return new GivenServer(id, GIVEN[address.service], address, version, this.mark);
  }

  /** @throws ServerTrouble if something there bears the mark already, or we may not use it. */
  claim(schema: string | undefined): Promise<void> {
    this.claiming = this.claimAll(schema);
    return this.claiming;
  }

  private async claimAll(schema: string | undefined): Promise<void> {
    const addresses = this.lent.map(({ address }) => address);
    for (const address of addresses) await removeAbandoned(address);
    const { names } = this.renaming;
    noteMark(this.mark, addresses, names.before);
    names.onMore = () => this.noteMore(addresses);
    for (const address of addresses) {
      this.claimed.add(address);
      const isFree = await saying(address, () =>
        GIVEN[address.service].claim(address, this.mark, schema),
      );
      if (isFree) continue;
      this.claimed.delete(address);
      throw new ServerTrouble(
        `${address.shown} is already holding our prefix, ${this.mark}, which was drawn for this ` +
          'run: nothing there was touched; run it again, and another one is drawn',
      );
    }
    for (const { id, address } of this.lent) {
      const revision = await GIVEN[address.service].revision?.(address);
      if (revision !== undefined) this.renaming.revisions.set(id, new Revisions(revision));
    }
  }

  /** Called while messages pass, which must go on: only after a kill -9 would it be missed. */
  private noteMore(addresses: readonly ServerAddress[]): void {
    try {
      noteMark(this.mark, addresses, this.renaming.names.before);
    } catch {
      // That notes cannot be written at all is said when a run begins.
    }
  }

  /** Removes what the run made there. Twice is once. */
  giveBack(): Promise<void> {
    this.givenBack ??= this.removeAll();
    return this.givenBack;
  }

  private async removeAll(): Promise<void> {
    await this.claiming.catch(() => {});
    await pause(SETTLED_MS);
    await all([...this.claimed].map((address) => this.removeFrom(address)));
    forgetMark(this.mark);
    if (this.renaming.names.isFull) {
      throw new ServerTrouble(
        'the lock puts something else before its key each time, on etcd or ZooKeeper: what that ' +
          `was is not known to the end, so names that hold ${this.mark} may still be there`,
      );
    }
  }

  private async removeFrom(address: ServerAddress): Promise<void> {
    const { service, shown } = address;
    await GIVEN[service]
      .remove(address, this.mark, [...this.renaming.names.before])
      .catch((error: Error) => {
        throw new ServerTrouble(
          `${shown} may still have what this run made, whose names hold ${this.mark}: removing ` +
            `it failed (${error.message}); the next run that is given this server tries again`,
        );
      });
    forgetMark(this.mark, [placeOf(address)]);
  }
}

/** Removes what bears marks of tools that were killed. */
async function removeAbandoned(address: ServerAddress): Promise<void> {
  const place = placeOf(address);
  for (const { mark, places, before } of abandonedMarks()) {
    if (!places.includes(place)) continue;
    await saying(address, () => GIVEN[address.service].remove(address, mark, before));
    forgetMark(mark, [place]);
  }
}

async function saying<T>({ shown }: ServerAddress, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ServerTrouble) throw error;
    const { message } = error as Error;
    if (error instanceof Obstacle) throw new ServerTrouble(`${shown} ${message}`);
    throw new ServerTrouble(`${shown} cannot be made ready for a run: ${message}`);
  }
}

/** The servers of a scenario that the user has. */
export function lentTo(
  { servers }: Scenario,
  had: ReadonlyMap<string, readonly Omit<LentServer, 'id'>[]>,
): LentServer[] {
  return servers.flatMap(({ id }) => {
    const own = had.get(serviceOf(id) ?? '');
    const one = own?.[Number(id.slice(1)) - 1];
    return one === undefined ? [] : [{ id, ...one }];
  });
}
