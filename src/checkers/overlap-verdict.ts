/**
 * The verdict of an overlap: its witness, who offended and who was hurt, and what a narrative needs
 * to tell it. Everything here restates the overlap; nothing is judged.
 */
import type { Details, Property, PropertyVerdict } from '../verdict.js';
import type { Overlap } from './overlap.js';
import { isBefore, promisedEnd } from './promised-end.js';
import { actAt, type Grant, type HistoryIndex, positionOf } from './sections.js';
import { countLeading } from './sorted.js';

/**
 * The invalid verdict of mutual exclusion, or of what stands in for it. Of a double grant nobody is to blame: it names the one
 * who went on as offender and the one who entered meanwhile as victim, as it does otherwise.
 */
export function overlapVerdict(
  property: Property,
  index: HistoryIndex,
  overlap: Overlap,
): PropertyVerdict {
  const { first, second, goingOn, cause } = overlap;
  const offender = overlap.offender ?? first;
  const witness = [first.enter, second.enter];
  if (goingOn.record !== second.enter) witness.push(goingOn.record);
  return {
    property,
    verdict: 'invalid',
    class: overlap.class,
    ...(cause !== undefined && { cause }),
    witness,
    offender: operationOf(offender),
    victim: operationOf(offender === first ? second : first),
    details: detailsOf(index, overlap),
  };
}

function operationOf({ client, operation }: Grant): { host: string; operation: string } {
  return { host: client, operation };
}

/**
 * By name: when both entered; when and by what (`enter`, `step`, `exit`, `running`) the first went
 * on; for both, at the second's entry, the promised end and the send and term of the lease that
 * decides it, as far as they are numbers; and about the offender when it called, how it could have
 * known, since when it was told or had released, and its last pause.
 */
function detailsOf(index: HistoryIndex, overlap: Overlap): Details {
  const { first, second, goingOn, knewBy } = overlap;
  const { records } = index;
  const { atUs, type } = records[goingOn.record]!;
  const details: Tellable = {
    key: first.key,
    firstEnteredAtUs: records[first.enter]!.atUs,
    secondEnteredAtUs: records[second.enter]!.atUs,
    goesOnAtUs: atUs,
    goesOnBy: goingOn.isAct ? type : 'running',
  };
  tellTerm(index, details, 'first', first, second.enter);
  tellTerm(index, details, 'second', second, second.enter);
  if (knewBy !== undefined) details['knewBy'] = knewBy;
  if (overlap.offender === second) tellOffender(index, details, second, second.enter, true);
  else tellOffender(index, details, first, goingOn.record, goingOn.isAct);
  return details;
}

type Tellable = Record<string, string | number>;

function tellTerm(
  index: HistoryIndex,
  details: Tellable,
  who: 'first' | 'second',
  grant: Grant,
  entered: number,
): void {
  const { endUs, lease, allowanceUs } = promisedEnd(index, grant, positionOf(index, entered));
  if (lease === undefined) return;
  details[`${who}SentAtUs`] = lease.record.sentAtUs;
  const { termUs } = lease.record;
  details[`${who}Term`] = termUs;
  if (Number.isFinite(endUs)) details[`${who}PromisedEndUs`] = endUs;
  if (allowanceUs !== 0) details[`${who}AllowanceUs`] = allowanceUs;
}

/** `did`: the act of the offender, or the record that set it running. */
function tellOffender(
  index: HistoryIndex,
  details: Tellable,
  offender: Grant,
  did: number,
  isAct: boolean,
): void {
  const { records } = index;
  if (isAct) details['calledAtUs'] = actAt(index, did).calledAtUs;
  if (isBefore(offender.told, did)) details['toldAtUs'] = records[offender.told]!.atUs;
  if (isBefore(offender.releaseSent, did)) {
    details['releaseSentAtUs'] = records[offender.releaseSent]!.atUs;
  }
  const states = index.hostStates.get(offender.client) ?? [];
  const known = countLeading(states, (record) => record <= did);
  const paused = states[known - 2];
  if (paused === undefined || paused < offender.acquire.invoked) return;
  // It was running when it did this, so its last change of state was the end of a pause.
  details['pausedAtUs'] = records[paused]!.atUs;
  details['resumedAtUs'] = records[states[known - 1]!]!.atUs;
}
