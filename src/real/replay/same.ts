/**
 * Whether what a real client or server said is what the simulated one said: texts are equal but for
 * readings of clocks and times left, which no two runs have in common.
 */
import type { HostId } from '../../fault.js';
import type { HistoryRecord } from '../../history.js';
import { OwnRevisions } from '../history/revisions.js';

const NUMBER = /\d+(?:\.\d+)?/g;
/** A number of this size is a date in s, ms or µs, or counts like one. */
const DATE = 1_500_000_000;
/** Times left, in milliseconds, differ by as much as one run is behind the other. */
const TIME_LEFT_FROM = 20;
const BEHIND_MS = 80;
const BEHIND_SHARE = 0.1;

/** Libraries write the names of commands in small letters, servers do not mind. */
export function sameText(one: string, other: string): boolean {
  if (one === other) return true;
  const [real, simulated] = [plain(one), plain(other)];
  if (real.replaceAll(NUMBER, '#') !== simulated.replaceAll(NUMBER, '#')) return false;
  const numbers = simulated.match(NUMBER) ?? [];
  return (real.match(NUMBER) ?? []).every((number, index) =>
    isNear(Number(number), Number(numbers[index])),
  );
}

/** A parameter of PostgreSQL is sent as text, whatever it was. */
const QUOTED_NUMBER = /'(-?\d+(?:\.\d+)?)'/g;

/** Numbers that a ZooKeeper gives to sessions and transactions. */
const OWN_NUMBER = /\b(session|owner|czxid) \d+/g;

/** A date of PostgreSQL. */
const TIMESTAMP = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00/g;

/** What a Redis says of its replicas; of all that, the model has how many they are. */
const REPLICATION = /^"# replication.*?(role:\w+).*?(connected_slaves:\d+).*"$/;

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(REPLICATION, '$1 $2')
    .replaceAll(TIMESTAMP, 'then')
    .replaceAll(QUOTED_NUMBER, '$1')
    .replaceAll(OWN_NUMBER, '$1 #');
}

/** What a server says of a new lease of etcd, whose id is random. */
const NEW_LEASE = /^lease ([0-9a-f]+) granted/;

/** An owner id, with the operation that it was drawn in (`sim/owner-ids.ts`). */
const OWNER_ID = /\b([A-Z]+\d+)-\d+-[0-9a-z]+/g;

/** The same, once it is known which random names stand for which. */
export class Likeness {
  /** Names of the story by those of the real run. */
  private readonly names = new Map<string, string>();
  private readonly revisions: ReadonlyMap<HostId, OwnRevisions>;

  constructor(
    /** Servers that count what others write to them as well. */
    countingOthers: ReadonlySet<HostId>,
  ) {
    this.revisions = new Map([...countingOthers].map((id) => [id, new OwnRevisions()]));
  }

  /** Whether what was said to or by that server may be it: there may be others that are. */
  mayBe(server: HostId, real: string, simulated: string): boolean {
    this.learn(NEW_LEASE.exec(real)?.[1], NEW_LEASE.exec(simulated)?.[1]);
    const named = this.translated(real);
    const own = this.revisions.get(server)?.ownText(named, simulated) ?? named;
    return sameText(own, simulated) || this.sameAttempt(own, simulated);
  }

  /** Whether it is. */
  same(server: HostId, real: string, simulated: string): boolean {
    const isSame = this.mayBe(server, real, simulated);
    if (isSame) this.revisions.get(server)?.learn(this.translated(real), simulated);
    return isSame;
  }

  private translated(real: string): string {
    let text = real;
    for (const [name, meant] of this.names) text = text.replaceAll(name, meant);
    return text;
  }

  /**
   * Whether it is the same by another owner id of the same operation: who draws one for each try
   * may have tried once more, or once less, when its try gets through.
   */
  private sameAttempt(real: string, simulated: string): boolean {
    const [ours, theirs] = [[...real.matchAll(OWNER_ID)], [...simulated.matchAll(OWNER_ID)]];
    if (ours.length === 0 || ours.length !== theirs.length) return false;
    const known = new Set(this.names.values());
    const isOther = ([id, operation]: RegExpExecArray, index: number) => {
      const [meant, ofTheirs] = theirs[index]!;
      return operation !== ofTheirs || (id !== meant && known.has(id));
    };
    if (ours.some(isOther)) return false;
    if (!sameText(real.replace(OWNER_ID, '$1'), simulated.replace(OWNER_ID, '$1'))) return false;
    for (const [index, [id]] of ours.entries()) this.learn(id, theirs[index]![0]);
    return sameText(this.translated(real), simulated);
  }

  private learn(name: string | undefined, meant: string | undefined): void {
    if (name === undefined || meant === undefined || this.names.has(name)) return;
    if (![...this.names.values()].includes(meant)) this.names.set(name, meant);
  }
}

function isNear(real: number, simulated: number): boolean {
  if (real === simulated || (real >= DATE && simulated >= DATE)) return true;
  if (Math.min(real, simulated) < TIME_LEFT_FROM) return false;
  return Math.abs(real - simulated) <= Math.max(BEHIND_MS, simulated * BEHIND_SHARE);
}

/** What of a client's own record is not a matter of time. */
export function gist(record: HistoryRecord): string {
  switch (record.type) {
    case 'invoke':
      return `${record.action} of ${record.operation} called`;
    case 'ok':
      return `${record.action} of ${record.operation} succeeded`;
    case 'fail':
      return `${record.action} of ${record.operation} was refused`;
    case 'info':
      return `${record.action} of ${record.operation} ended in doubt`;
    case 'enter':
      return `${record.client} entered its section`;
    case 'step':
      return `${record.client} acted${record.access === undefined ? '' : `: ${record.access}`}`;
    case 'exit':
      return `${record.client} left its section${record.completed ? '' : ' early'}`;
    default:
      return record.type;
  }
}
