/**
 * What happened to the workload's own promise at the resource, in the words of its use case
 * (docs/semantics.md, R12, class damage).
 */
import type { AccessRecord } from '../../history.js';
import type { Damage } from '../../invariant.js';
import type { PropertyVerdict } from '../../verdict.js';
import { instant, list } from '../words.js';
import { namesOf } from './clauses.js';
import type { Tale } from './tale.js';

/** The sentence that says what was broken. The last record of the witness is what broke it. */
export function tellDamage(tale: Tale, verdict: PropertyVerdict): string {
  const broken = accessAt(tale, verdict.witness.at(-1)!);
  const before = beforeIt(tale, verdict, broken);
  const [name, other] = namesOfTwo(tale, broken, before);
  const at = instant(broken.atUs);
  const cell = broken.cell ?? 'the counter';
  const earlier = before === undefined ? '' : instant(before.atUs);
  switch (verdict.cause as Damage) {
    case 'lost-update':
      return (
        `An update of ${cell} is lost: ${other} wrote it at ${earlier}, and ${name} wrote ` +
        `${broken.value} at ${at}, made of what it had read before.`
      );
    case 'double-booking':
      return `${name} booked ${cell} at ${at}, which ${other} had booked at ${earlier}.`;
    case 'delivered-twice':
      return `${name} made ${cell} at ${at}, which ${other} had made at ${earlier}.`;
    case 'overlapping-runs':
      return `${name}'s run of the job was still under way at ${at}, when ${other}'s had begun.`;
    case 'two-leaders':
      return `${name} decided as leader at ${at}, after ${other} had decided at ${earlier}.`;
    case 'over-limit':
      return tellLimit(tale, verdict, broken);
    case 'stale-read':
      return `${name} read ${broken.value} from ${cell} at ${at}: the source had moved on.`;
  }
}

/** Every call of the window, by who made it. */
function tellLimit(tale: Tale, verdict: PropertyVerdict, broken: AccessRecord): string {
  const calls = tale.index.accesses
    .filter((at) => at <= verdict.witness.at(-1)!)
    .map((at) => accessAt(tale, at))
    .filter(({ accepted, access, cell, value }) => {
      return accepted && access === 'write' && cell === broken.cell && value === broken.value;
    })
    .map(({ client, atUs }) => `${client} at ${instant(atUs)}`);
  return `In one window ${calls.length} calls went out: ${list(calls)}.`;
}

/** The last access of another holder to the same cell that proves the break with it. */
function beforeIt(
  tale: Tale,
  { witness }: PropertyVerdict,
  { cell, grant }: AccessRecord,
): AccessRecord | undefined {
  return witness
    .slice(0, -1)
    .map((at) => accessAt(tale, at))
    .findLast((one) => one.cell === cell && one.grant !== grant && one.access === 'write');
}

function namesOfTwo(
  { index }: Tale,
  broken: AccessRecord,
  before: AccessRecord | undefined,
): [string, string] {
  const grant = index.grantById.get(broken.grant)!;
  return namesOf(grant, before && index.grantById.get(before.grant));
}

function accessAt({ index }: Tale, at: number): AccessRecord {
  return index.records[at] as AccessRecord;
}
