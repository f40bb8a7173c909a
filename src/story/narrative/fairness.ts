/** Why somebody was granted before an earlier one who waited (docs/semantics.md, R20). */
import { NONE } from '../../checkers/sections.js';
import type { PropertyVerdict } from '../../verdict.js';
import { instant } from '../words.js';
import { grantedAtUs, grantOf, namesOf, numberIn } from './clauses.js';
import type { Narrator, Tale } from './tale.js';

export const fairness: Narrator = (tale, verdict) => {
  const passed = grantOf(tale, verdict.victim);
  const granted = grantOf(tale, verdict.offender);
  if (passed === undefined || granted === undefined) return ['The order of the queue was broken.'];
  const [by, first] = namesOf(granted, passed);
  const ownPlaceUs = numberIn(verdict, 'ownPlaceAtUs');
  const own =
    ownPlaceUs === undefined
      ? `${by} took no place at all`
      : `${by} took its own at ${instant(ownPlaceUs)}, behind it`;
  const queuedUs = numberIn(verdict, 'queuedAtUs') ?? 0;
  const atUs = numberIn(verdict, 'grantedAtUs') ?? 0;
  return [
    `${first} took its place in the queue at ${instant(queuedUs)}; ${own}.`,
    `At ${instant(atUs)} ${by} was granted the lock, while ${first} was alive, waited, and had ` +
      'its place still.',
    tellLater(tale, verdict, first),
    'What helps: one step at the server that looks at the queue and takes the lock, and no way ' +
      'to the lock but through the queue.',
  ];
};

/** What became of the one who had to come first. */
function tellLater(tale: Tale, { victim }: PropertyVerdict, first: string): string {
  const { acquire, ...passed } = grantOf(tale, victim)!;
  if (acquire.completed === NONE) return `${first} was still waiting when the run ended.`;
  const endedAtUs = grantedAtUs(tale, { acquire, ...passed });
  const end = acquire.completion?.type === 'ok' ? 'was granted it' : 'ended its wait without it';
  return `${first} ${end} at ${instant(endedAtUs)}.`;
}
