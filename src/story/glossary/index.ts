/** The glossary: every property, class, fault class and word of a report, by name. */
import type { PropertyReport } from '../../report.js';
import { CLASS_ENTRIES } from './classes.js';
import type { Entry } from './entry.js';
import { FAULT_ENTRIES } from './faults.js';
import { PROPERTY_ENTRIES } from './properties.js';
import { WORD_ENTRIES } from './words.js';

export type { Entry } from './entry.js';

export const GLOSSARY: readonly Entry[] = [
  ...PROPERTY_ENTRIES,
  ...CLASS_ENTRIES,
  ...FAULT_ENTRIES,
  ...WORD_ENTRIES,
];

/** The entry of that name; `exit code` and `exit_codes` find `exit-codes`. */
export function findEntry(name: string): Entry | undefined {
  const wanted = plain(name);
  return GLOSSARY.find((entry) => [wanted, `${wanted}s`].includes(plain(entry.name)));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, '-');
}

/** Causes that say more than their property does. */
const CAUSES: Readonly<Record<string, string>> = {
  'late-write': "the resource accepted an earlier holder's write after a later holder's access",
  'late-read': "the resource answered an earlier holder's read after a later holder's access",
  'lost-update': 'a holder wrote over an update that it had not seen',
  'double-booking': 'what one holder had taken, another one took again',
  'delivered-twice': 'the same message was delivered twice',
  'overlapping-runs': 'two runs of a job were under way at once',
  'two-leaders': 'two leaders decided in turns',
  'over-limit': 'more calls went out than the limit allows',
  'stale-read': 'a reader got a value that had been replaced',
  missing: 'a grant carried no fencing token, although others do',
  reused: 'two grants carried the same fencing token',
  'not-increasing': 'a later grant carried a lower fencing token',
  foreign: 'a fencing token was used that did not come with the grant',
  deleted: "somebody deleted another one's lease",
  overwritten: "somebody overwrote another one's lease",
  released: "somebody released another one's lease",
  extended: "somebody extended another one's lease",
  deadlock: 'clients wait for each other in a circle',
  'lost-wake-up': 'nobody held the lock, somebody waited, and nobody was given it',
  'not-completed': 'a call did not end within the bound after the faults were over',
  'overlong-wait': 'an acquire waited longer than it was allowed to',
  refused: 'a holder that acquired again was refused',
  waited: 'a holder that acquired again had to wait for itself',
  dropped: 'giving back the inner grant, or trying for it, ended the whole lock',
  overtaken: 'somebody was granted before one who stood before it in the queue',
  'not-queued': 'somebody was granted without a place while others stood in the queue',
  'late-push': 'the signal told of the loss too late',
  'late-pull': 'the validity check said "still good" when it could have known better',
  'leases-unseen': 'two were inside at once; a lease was not seen, so nobody can be blamed',
  early: 'the holder was told of a loss that had not happened',
};

/** What a violation comes to, in one line: its class and what that means, or its cause. */
export function shortMeaning(report: Pick<PropertyReport, 'property' | 'class' | 'cause'>): string {
  const { property, class: violationClass, cause } = report;
  const told = cause === undefined ? undefined : CAUSES[cause];
  if (violationClass === 'damage' && told !== undefined) return `${violationClass}: ${told}`;
  if (violationClass !== undefined) {
    const entry = CLASS_ENTRIES.find(({ name }) => name === violationClass);
    return `${violationClass}: ${entry?.short ?? ''}`;
  }
  return told ?? PROPERTY_ENTRIES.find(({ name }) => name === property)?.short ?? property;
}
