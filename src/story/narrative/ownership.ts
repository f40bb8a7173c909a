/** Why a client ended or extended what another one held. */
import { NONE } from '../../checkers/sections.js';
import type { LeaseEndRecord, LeaseRecord, RequestRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { capital, instant, span } from '../words.js';
import { atOnceAt, grantOf, latestFault, namesOf, of, onServers } from './clauses.js';
import { fatesOf, tellFate } from './lease-fate.js';
import type { Narrator, Tale } from './tale.js';
import { tellWrongClock } from './wall-clocks.js';

export const ownership: Narrator = (tale, verdict) => {
  const { offender, victim } = verdict;
  if (offender === undefined || victim === undefined) return ['A foreign lease was ended.'];
  const [by, whose] = namesOf(
    { client: offender.host, operation: offender.operation },
    { client: victim.host, operation: victim.operation },
  );
  const at = verdict.witness.at(-1)!;
  const record = tale.index.records[at] as LeaseRecord | LeaseEndRecord;
  const wrong = wrongClock(tale, record);
  return [
    ...tellOwnLease(tale, verdict, by, at),
    tellDeed(tale, verdict, by, whose, record),
    ...(wrong === undefined ? [] : [`${capital(wrong.because)}.`]),
    tellRest(tale, verdict, whose, record),
    helpFor(tale, record, wrong?.help),
  ];
};

/** By which clock the lease was over when somebody ended it. */
function wrongClock(tale: Tale, record: LeaseRecord | LeaseEndRecord) {
  if (record.type !== 'lease-end' || record.by === undefined) return undefined;
  const lease = tale.leases.get(record.lease);
  return lease && tellWrongClock(tale, lease, record.by.host, record.atUs);
}

function helpFor(
  tale: Tale,
  record: LeaseRecord | LeaseEndRecord,
  clocks: string | undefined,
): string {
  if (clocks !== undefined) return `What helps: ${clocks}.`;
  const { termUs } = record.type === 'lease' ? record : tale.leases.get(record.lease)!.record;
  if (termUs === 'session') {
    return (
      'Whoever is on a session may unlock what it holds. What helps: a connection that nobody ' +
      'else uses while the lock is held, and past a pooler.'
    );
  }
  return (
    'What helps: compare the owner id and change the key in one atomic step ' +
    `(a ${atOnceAt(tale)}), and use a new owner id for every grant.`
  );
}

/** What had become of the trespasser's own lease: mostly it was over, and it did not know. */
function tellOwnLease(tale: Tale, verdict: PropertyVerdict, by: string, at: number): string[] {
  const grant = grantOf(tale, verdict.offender);
  if (grant === undefined) return [];
  const gone = fatesOf(tale, grant, at).filter(({ cause }) => cause !== 'stands');
  return gone.map((fate) => tellFate(tale, by, fate));
}

function tellDeed(
  tale: Tale,
  verdict: PropertyVerdict,
  by: string,
  whose: string,
  record: LeaseRecord | LeaseEndRecord,
): string {
  const server = String(verdict.details?.['server'] ?? '');
  const on = server === '' ? '' : onServers(tale, [server]);
  const verbs: Readonly<Record<string, string>> = {
    deleted: 'deleted',
    overwritten: 'overwrote',
    released: 'released',
    extended: 'extended',
  };
  const verb = verbs[verdict.cause ?? 'deleted'] ?? 'changed';
  return `At ${instant(record.atUs)} a request of ${by} ${verb} the lease of ${whose}${on}.`;
}

function tellRest(
  tale: Tale,
  verdict: PropertyVerdict,
  whose: string,
  record: LeaseRecord | LeaseEndRecord,
): string {
  if (verdict.cause === 'extended' && record.type === 'lease') {
    const long = typeof record.termUs === 'number' ? `for another ${span(record.termUs)}` : 'on';
    return `It stood ${long}, whether ${whose.split(' ')[0]} wanted it or not.`;
  }
  const lock = `${capital(of(whose))} lock`;
  return (
    tellGivenBack(tale, verdict, whose, record) ??
    `${lock} was open to the next client although nobody had given it back.`
  );
}

/** That its owner had released it: the request was under way, or the server has it once more. */
function tellGivenBack(
  tale: Tale,
  { victim, details, witness }: PropertyVerdict,
  whose: string,
  { atUs }: LeaseRecord | LeaseEndRecord,
): string | undefined {
  const { records, requests } = tale.index;
  const at = witness.at(-1)!;
  const releaseSent = grantOf(tale, victim)?.releaseSent ?? NONE;
  if (releaseSent === NONE || releaseSent > at) return undefined;
  const sentAtUs = records[releaseSent]!.atUs;
  const left = `${whose} had given it back: its release had left at ${instant(sentAtUs)}`;
  const server = String(details?.['server'] ?? '');
  const arrived = requests
    .filter((one) => one < at)
    .map((one) => records[one] as RequestRecord)
    .find(
      (one) =>
        one.action === 'release' && one.operation === victim?.operation && one.server === server,
    );
  if (arrived === undefined) return `${left} and had not arrived.`;
  const back = latestFault(tale, ['server-crash', 'failover'], server, atUs);
  if (back === undefined || back.atUs < arrived.atUs) {
    return `${left} and had arrived at ${instant(arrived.atUs)}, but the lease stood.`;
  }
  const what = back.fault.class === 'failover' ? 'failover' : 'crash';
  const again = `${server} had it again after its ${what} at ${instant(back.atUs)}`;
  return `${left} and had arrived at ${instant(arrived.atUs)}, but ${again}.`;
}
