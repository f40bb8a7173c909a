/** Why fencing tokens do not order the holders (docs/semantics.md, R12). */
import type { Grant } from '../../checkers/sections.js';
import type { PropertyVerdict } from '../../verdict.js';
import { instant } from '../words.js';
import { grantedAtUs, grantOf, namesOf, numberIn } from './clauses.js';
import { fatesOf, tellFate } from './lease-fate.js';
import type { Narrator, Tale } from './tale.js';

export const fencing: Narrator = (tale, verdict) => {
  const grant = grantOf(tale, verdict.offender);
  const other = grantOf(tale, verdict.victim);
  if (grant === undefined) return ['A fencing token does not belong to its grant.'];
  const [name, otherName] = namesOf(grant, other);
  const fencingToken = numberIn(verdict, 'fencingToken');
  const atUs = numberIn(verdict, 'grantedAtUs') ?? grantedAtUs(tale, grant);
  switch (verdict.cause) {
    case 'missing':
      return [
        `${name} was granted the lock at ${instant(atUs)}, and the grant carried no ` +
          'fencing token, although other grants of this lock do.',
        'The resource cannot tell it from an old holder. What helps: mint the fencing ' +
          'token in the request that makes the lease, and hand it out with the grant.',
      ];
    case 'foreign':
      return tellForeign(tale, verdict, name, fencingToken);
    default:
      if (other === undefined) return [`The fencing token of ${name} does not increase.`];
      return tellOrder(
        tale,
        verdict,
        { grant, name, fencingToken },
        { grant: other, name: otherName },
      );
  }
};

interface Side {
  readonly grant: Grant;
  readonly name: string;
}

function tellOrder(
  tale: Tale,
  verdict: PropertyVerdict,
  late: Side & { readonly fencingToken: number | undefined },
  early: Side,
): string[] {
  const earlierFencingToken = numberIn(verdict, 'earlierFencingToken');
  const reused = verdict.cause === 'reused';
  const fates = fatesOf(tale, early.grant, late.grant.acquire.completed);
  const consequence = reused
    ? `lets ${early.name} in beside ${late.name}`
    : `refuses ${late.name}, the rightful holder, and lets ${early.name} in`;
  const forgot = fates.filter(({ cause }) => cause === 'lost');
  return [
    `${early.name} was granted the lock first, with fencing token ${earlierFencingToken}; ` +
      `${late.name}, granted later, got ${reused ? 'the same' : 'the lower'} one, ` +
      `${late.fencingToken}.`,
    ...forgot.map((fate) => tellFate(tale, early.name, fate)),
    ...(forgot.length > 0 ? ['The counter of the fencing tokens was forgotten with it.'] : []),
    `A resource that has seen ${earlierFencingToken} ${consequence}.`,
    'What helps: take fencing tokens from a counter that survives crashes and failovers, ' +
      'in the same atomic step that grants the lock.',
  ];
}

function tellForeign(
  tale: Tale,
  verdict: PropertyVerdict,
  name: string,
  own: number | undefined,
): string[] {
  const record = tale.index.records[verdict.witness.at(-1)!]!;
  const carried = 'fencingToken' in record ? record.fencingToken : undefined;
  const did = record.type === 'access' ? `sent a ${record.access}` : 'entered its section';
  const mine = own === undefined ? 'which brought none' : `which brought ${own}`;
  return [
    `At ${instant(record.atUs)} ${name} ${did} with fencing token ${carried}, which is ` +
      `not that of its grant, ${mine}.`,
    'What helps: a fencing token belongs to one grant; send the one that came with it.',
  ];
}
