/** Why a holder that acquired again was not served, or lost all by giving one back (R19). */
import { promisedEnd } from '../../checkers/promised-end.js';
import { positionOf } from '../../checkers/sections.js';
import type { CompleteRecord, InvokeRecord, LeaseEndRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { reasonOf } from '../reasons.js';
import { instant } from '../words.js';
import { grantOf, numberIn, onServers } from './clauses.js';
import type { Narrator, Tale } from './tale.js';

const COUNT =
  'What helps: keep the owner and a count with the lock, change both in one step, and end the ' +
  'lease only when the count gets to 0.';
const KNOW_THE_HOLDER =
  'What helps: look first whether the one who asks holds the lock already, by the owner that is ' +
  'kept at the server, and count.';

export const reentrancy: Narrator = (tale, verdict) => {
  switch (verdict.cause) {
    case 'refused':
      return [...tellHolder(tale, verdict), tellRefusal(tale, verdict), KNOW_THE_HOLDER];
    case 'waited':
      return [...tellHolder(tale, verdict), tellWait(verdict), KNOW_THE_HOLDER];
    default:
      return [...tellHolder(tale, verdict), tellDrop(tale, verdict), COUNT];
  }
};

/** Until when the holder had the lock, and when it asked once more. */
function tellHolder(tale: Tale, verdict: PropertyVerdict): string[] {
  const grant = grantOf(tale, verdict.offender);
  if (grant === undefined) return [];
  const { client, calls } = grant;
  const at = verdict.witness.at(-1)!;
  const { endUs } = promisedEnd(tale.index, grant, positionOf(tale.index, at));
  const until = endUs === Infinity ? 'for as long as it wanted' : `until ${instant(endUs)}`;
  const again = calls.findLast(
    ({ invocation, invoked }) => invocation.action === 'acquire' && invoked <= at,
  );
  const mode = again?.invocation.mode === grant.mode ? '' : ', to read';
  const atUs = again?.invocation.atUs ?? 0;
  return [
    `${client} had been promised the lock ${until}, and nobody had taken it away.`,
    `At ${instant(atUs)} ${client} acquired it once more${mode}, inside its section.`,
  ];
}

function tellRefusal(tale: Tale, { witness }: PropertyVerdict): string {
  const record = tale.index.records[witness[1]!] as CompleteRecord;
  const reason = reasonOf(record);
  return `At ${instant(record.atUs)} that was refused${reason === undefined ? '' : `: ${reason}`}.`;
}

function tellWait(verdict: PropertyVerdict): string {
  const due = instant(numberIn(verdict, 'dueUs') ?? 0);
  return `By ${due} nobody had answered it: it waited for what it held itself.`;
}

function tellDrop(tale: Tale, { witness, details, offender }: PropertyVerdict): string {
  const { atUs, action } = tale.index.records[witness[0]!] as InvokeRecord;
  const end = tale.index.records[witness[1]!] as LeaseEndRecord;
  const called =
    action === 'acquire'
      ? 'that acquire, which cleaned up after itself,'
      : `its ${action} of ${instant(atUs)}, which was to give back the inner grant alone,`;
  const on = onServers(tale, [String(details?.['server'] ?? '')]);
  return (
    `At ${instant(end.atUs)} a request of ${called} ended the lease of ${offender!.host}${on}: ` +
    'the lock was open to the next client while its holder was at work.'
  );
}
