/** Why somebody waited longer than it should, or for ever (docs/semantics.md, R10). */
import { diedAt } from '../../checkers/holding.js';
import { NONE } from '../../checkers/sections.js';
import type { HostId } from '../../fault.js';
import type { InvokeRecord } from '../../history.js';
import type { TraceMessage } from '../../trace.js';
import type { PropertyVerdict } from '../../verdict.js';
import { holdersAt } from '../holders.js';
import { instant, list, span } from '../words.js';
import { numberIn } from './clauses.js';
import { obstacleOf, waitOf } from './kept-waiting.js';
import type { Narrator, Tale } from './tale.js';

export const progress: Narrator = (tale, verdict) => {
  const call = tale.index.records[verdict.witness[0]!] as InvokeRecord;
  switch (verdict.cause) {
    case 'deadlock':
      return tellDeadlock(verdict, call);
    case 'lost-wake-up':
      return [
        ...tellWait(tale, verdict, call),
        'Nobody held the lock meanwhile, and nobody was given it.',
        ...tellObstacle(tale, verdict, call),
      ];
    case 'overlong-wait':
      return tellOverlong(tale, verdict, call);
    default: {
      const holders = tellHolders(tale, call, verdict);
      const isFree = holders.length === 0 && call.action === 'acquire';
      return [
        ...tellWait(tale, verdict, call),
        ...holders,
        ...(isFree ? tellObstacle(tale, verdict, call) : tellHeld(tale, verdict, call)),
      ];
    }
  }
};

function tellHeld(tale: Tale, verdict: PropertyVerdict, call: InvokeRecord): string[] {
  return [
    ...tellSilence(tale, call, verdict),
    'What helps: a bound on every call to a server, and a TTL on every key.',
  ];
}

/** What stood in the way of an acquire while nobody held the lock. */
function tellObstacle(tale: Tale, verdict: PropertyVerdict, call: InvokeRecord): string[] {
  const drainedUs = numberIn(verdict, 'drainedUs') ?? 0;
  const wait = waitOf(tale, call, drainedUs, numberIn(verdict, 'dueUs') ?? Infinity);
  if (wait === undefined) return tellHeld(tale, verdict, call);
  const silence = tellSilence(tale, call, verdict);
  const { sentences, help } = obstacleOf(wait);
  return [...sentences, ...silence, help];
}

function tellWait(tale: Tale, verdict: PropertyVerdict, call: InvokeRecord): string[] {
  const healed = instant(tale.index.history.healedAtUs);
  const dueUs = numberIn(verdict, 'dueUs') ?? 0;
  const boundUs = numberIn(verdict, 'boundUs') ?? 0;
  const endedUs = numberIn(verdict, 'completedAtUs');
  const end = endedUs === undefined ? 'it never ended' : `it ended at ${instant(endedUs)}`;
  const drainedUs = numberIn(verdict, 'drainedUs') ?? 0;
  const drained =
    drainedUs > tale.index.history.healedAtUs
      ? `, and by ${instant(drainedUs)} every lease that nobody held had to be gone`
      : '';
  return [
    `${call.client} called ${call.action} at ${instant(call.atUs)} (${call.operation}).`,
    `The faults were over at ${healed}${drained}; within a bound of ${span(boundUs)}, ` +
      `that is by ${instant(dueUs)}, it had to end, and ${end}.`,
  ];
}

function tellDeadlock({ details }: PropertyVerdict, call: InvokeRecord): string[] {
  const clients = String(details?.['cycle'] ?? call.client).split(', ');
  const help =
    'What helps: take several locks in one order everywhere, wait with a bound, or make ' +
    'the lock reentrant if its holder may ask again.';
  if (clients.length < 2) {
    return [
      `${call.client} called ${call.action} at ${instant(call.atUs)} for a key that it ` +
        `holds itself (${call.operation}), and waits for its own release.`,
      help,
    ];
  }
  const steps = clients.map((client, at) => `${client} for ${clients[(at + 1) % clients.length]}`);
  return [`The waits go round in a circle: ${list(steps)}. None of them can go on.`, help];
}

function tellOverlong(tale: Tale, verdict: PropertyVerdict, call: InvokeRecord): string[] {
  const dueUs = numberIn(verdict, 'dueUs') ?? 0;
  const boundUs = numberIn(verdict, 'boundUs') ?? 0;
  const endedUs = numberIn(verdict, 'completedAtUs');
  const end =
    endedUs === undefined ? 'was still waiting when the run ended' : `ended at ${instant(endedUs)}`;
  return [
    `${call.client} called acquire at ${instant(call.atUs)} (${call.operation}) and was ` +
      `willing to wait ${span((call.waitMs ?? 0) * 1000)}.`,
    `With a bound of ${span(boundUs)} on top it had to end by ${instant(dueUs)} of its ` +
      `own clock, its pauses not counted; it ${end}.`,
    ...tellSilence(tale, call, verdict),
    'What helps: a bound on every single call to a server, so that one that does not ' +
      'answer does not hold up the rest.',
  ];
}

/** Who had the lock while the call waited. */
function tellHolders(tale: Tale, call: InvokeRecord, verdict: PropertyVerdict): string[] {
  if (call.action !== 'acquire') return [];
  const dueUs = numberIn(verdict, 'dueUs') ?? Infinity;
  const holders = holdersAt(tale.index, dueUs).filter(({ key }) => key === call.key);
  const names = holders.map(({ client }) => client);
  if (names.length === 0) return [];
  return [`Meanwhile ${list([...new Set(names)])} held the lock and did not give it back.`];
}

/** The servers that never answered the waiting client, as far as the messages tell. */
function tellSilence(tale: Tale, call: InvokeRecord, verdict: PropertyVerdict): string[] {
  const dueUs = numberIn(verdict, 'completedAtUs') ?? numberIn(verdict, 'dueUs') ?? Infinity;
  if (diedAt(tale.index, call.client, call.incarnation) !== NONE) return [];
  const lost = tale.trace.messages.find(
    (message) =>
      message.sentAtUs >= call.atUs && message.sentAtUs <= dueUs && isMissing(message, call.client),
  );
  if (lost === undefined) return [];
  const { from, to, sentAtUs } = lost;
  return from === call.client
    ? [`Its request to ${to}, sent at ${instant(sentAtUs)}, never arrived.`]
    : [`The answer of ${from}, sent at ${instant(sentAtUs)}, never arrived.`];
}

function isMissing({ from, to, fate }: TraceMessage, client: HostId): boolean {
  return (from === client || to === client) && fate !== 'delivered';
}
