/** Why a client ended or extended what another one held. */
import type { LeaseEndRecord, LeaseRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { capital, instant, span } from '../words.js';
import { grantOf, namesOf, of, onServers } from './clauses.js';
import { fatesOf, tellFate } from './lease-fate.js';
import type { Narrator, Tale } from './tale.js';

export const ownership: Narrator = (tale, verdict) => {
  const { offender, victim } = verdict;
  if (offender === undefined || victim === undefined) return ['A foreign lease was ended.'];
  const [by, whose] = namesOf(
    { client: offender.host, operation: offender.operation },
    { client: victim.host, operation: victim.operation },
  );
  const at = verdict.witness.at(-1)!;
  const record = tale.index.records[at] as LeaseRecord | LeaseEndRecord;
  return [
    ...tellOwnLease(tale, verdict, by, at),
    tellDeed(tale, verdict, by, whose, record),
    tellRest(verdict, whose, record),
    'What helps: compare the owner id and change the key in one atomic step (a script), ' +
      'and use a new owner id for every grant.',
  ];
};

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
  verdict: PropertyVerdict,
  whose: string,
  record: LeaseRecord | LeaseEndRecord,
): string {
  if (verdict.cause === 'extended' && record.type === 'lease') {
    const long = typeof record.termUs === 'number' ? `for another ${span(record.termUs)}` : 'on';
    return `It stood ${long}, whether ${whose.split(' ')[0]} wanted it or not.`;
  }
  const lock = `${capital(of(whose))} lock`;
  return `${lock} was open to the next client although nobody had given it back.`;
}
