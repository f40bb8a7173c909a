/**
 * Reentrancy: a holder in its term that acquires again is granted without waiting, and what it
 * then gives back is the inner grant alone (docs/semantics.md, R19).
 */
import type { Details, PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { Disturbances } from './disturbances.js';
import { inTerm } from './promised-end.js';
import {
  type Call,
  endOfInstant,
  type Grant,
  type HistoryIndex,
  type Lease,
  type Position,
  positionOf,
} from './sections.js';
import { Standing } from './standing.js';

/** Messages of one turn, at each server: connect, and two requests, there and back each. */
const MESSAGES = 6;

type Cause = 'refused' | 'waited' | 'dropped';

interface Finding {
  readonly cause: Cause;
  readonly grant: Grant;
  /** Where it shows: before `position` all was well. */
  readonly position: Position;
  readonly witness: readonly number[];
  readonly details: Details;
}

export const reentrancy: Checker = {
  property: 'reentrancy',
  ofDeclared: 'reentrant',
  check(index) {
    const findings: Finding[] = [];
    let nested = false;
    let disturbances: Disturbances | undefined;
    const disturbed: Disturbances['met'] = (client, fromUs, untilUs) => {
      disturbances ??= new Disturbances(index);
      return disturbances.met(client, fromUs, untilUs);
    };
    for (const grant of index.grants) {
      const acquires = grant.calls.filter(({ invocation }) => invocation.action === 'acquire');
      if (acquires.length === 0) continue;
      nested = true;
      const standing = new Standing(grant);
      for (const call of acquires) {
        const finding = denied(index, grant, call, standing, disturbed);
        if (finding !== undefined) findings.push(finding);
      }
      const dropped = droppedBy(index, grant, acquires[0]!, standing);
      if (dropped !== undefined) findings.push(dropped);
    }
    if (!nested) return notApplicable('reentrancy', 'nobody acquired again what it held');
    return findings.length === 0 ? valid('reentrancy') : verdictOf(findings);
  },
};

/** Whether the grant is in term and its leases are there. */
function isHeld(
  index: HistoryIndex,
  grant: Grant,
  standing: Standing,
  position: Position,
): boolean {
  return inTerm(index, grant, position) && standing.serversAt(position.before) >= index.quorum;
}

/** A nested acquire that was refused, or not answered in time, though all was as it should be. */
function denied(
  index: HistoryIndex,
  grant: Grant,
  { invocation, invoked, completion, completed }: Call,
  standing: Standing,
  disturbed: Disturbances['met'],
): Finding | undefined {
  const { longestLatencyUs, servers } = index.history.world;
  const { atUs: fromUs, mode, client } = invocation;
  const dueUs = fromUs + MESSAGES * longestLatencyUs * servers.length;
  const isLate = (completion?.atUs ?? index.history.endUs) > dueUs;
  if (!isLate && completion?.type !== 'fail') return undefined;
  const position = isLate ? endOfInstant(index, dueUs) : positionOf(index, completed);
  if (disturbed(client, fromUs, position.atUs)) return undefined;
  if (!isHeld(index, grant, standing, position)) return undefined;
  const details = { mode, invokedAtUs: fromUs };
  if (!isLate) {
    const { reason = '' } = completion!;
    const witness = [invoked, completed];
    return { cause: 'refused', grant, position, witness, details: { ...details, reason } };
  }
  return { cause: 'waited', grant, position, witness: [invoked], details: { ...details, dueUs } };
}

/** The first own request after a nested acquire that ended what the outermost grant holds. */
function droppedBy(
  index: HistoryIndex,
  grant: Grant,
  nested: Call,
  standing: Standing,
): Finding | undefined {
  for (const lease of grant.leases) {
    const { ended } = lease;
    if (ended <= nested.invoked || !isOwnEnd(lease, grant) || isMadeAnew(lease, grant)) continue;
    const position = positionOf(index, ended);
    if (!isHeld(index, grant, standing, position)) continue;
    if (standing.serversAt(ended + 1) >= index.quorum) continue;
    const call = grant.calls.findLast(({ invoked }) => invoked < ended)!;
    const by = call.invocation.action;
    const details = { by, server: lease.record.server };
    return { cause: 'dropped', grant, position, witness: [call.invoked, ended], details };
  }
  return undefined;
}

/**
 * Whether the lease before it, at that server, was over by itself: what was acquired once more was
 * gone with it, so this one is of the nested acquire alone, and its release may end it.
 */
function isMadeAnew({ applied, record }: Lease, { leases }: Grant): boolean {
  const before = leases.findLast(
    (one) => one.applied < applied && one.record.server === record.server,
  );
  const cause = before?.end?.cause;
  return (cause === 'expired' || cause === 'lost') && before!.ended < applied;
}

function isOwnEnd({ end }: Lease, { client, incarnation, operation }: Grant): boolean {
  if (end?.cause !== 'released' && end?.cause !== 'deleted') return false;
  const { by } = end;
  return by?.host === client && by.incarnation === incarnation && by.operation === operation;
}

function verdictOf(findings: readonly Finding[]): PropertyVerdict {
  const { cause, grant, position, witness, details } = findings.reduce((a, b) =>
    b.position.before < a.position.before ? b : a,
  );
  const violations = findings.length;
  return {
    property: 'reentrancy',
    verdict: 'invalid',
    cause,
    witness,
    offender: { host: grant.client, operation: grant.operation },
    details: { key: grant.key, violations, atUs: position.atUs, ...details },
  };
}
