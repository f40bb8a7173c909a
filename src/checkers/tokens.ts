/** What is wrong with fencing tokens that were handed out (docs/semantics.md, R12). */
import type { AccessRecord, EnterRecord } from '../history.js';
import type { PropertyVerdict } from '../verdict.js';
import { valid } from './checker.js';
import { grantedAt } from './grant-order.js';
import { type Grant, type HistoryIndex, positionOf } from './sections.js';

type Fault = 'missing' | 'reused' | 'not-increasing' | 'foreign';

interface Finding {
  readonly cause: Fault;
  readonly grant: Grant;
  /** The grant whose token it should exceed, or whose token it is. */
  readonly other?: Grant;
  /** Index of the record that shows it. */
  readonly at: number;
  readonly witness: readonly number[];
}

/**
 * Judges the grants of each key in the order of their quorum-th leases (`grantedAt`). A grant
 * without a token among grants that have one is `missing` it: the token did not come with the
 * grant. An access or a section that carries a token other than its grant's is `foreign`. Of
 * several findings the one that shows first in the history is reported.
 */
export function judgeTokens(index: HistoryIndex, granted: readonly Grant[]): PropertyVerdict {
  const findings = [...orderFindings(index, granted), ...foreignTokens(index)];
  if (findings.length === 0) return valid('fencing');
  findings.sort((a, b) => a.at - b.at);
  return verdictOf(index, findings);
}

function orderFindings(index: HistoryIndex, granted: readonly Grant[]): Finding[] {
  const findings: Finding[] = [];
  const inOrder = granted.map((grant) => ({ grant, applied: grantedAt(index, grant) }));
  inOrder.sort((a, b) => a.applied - b.applied);
  const highest = new Map<string, { grant: Grant; applied: number }>();
  for (const item of inOrder) {
    const { grant, applied } = item;
    const { completed: at } = grant.acquire;
    const fencingToken = tokenOf(grant);
    if (fencingToken === undefined) {
      findings.push({ cause: 'missing', grant, at, witness: witnessOf([applied, at]) });
      continue;
    }
    const before = highest.get(grant.key);
    if (before === undefined || fencingToken > tokenOf(before.grant)!) {
      highest.set(grant.key, item);
      continue;
    }
    const other = before.grant;
    const cause = fencingToken === tokenOf(other) ? 'reused' : 'not-increasing';
    const witness = witnessOf([before.applied, applied, other.acquire.completed, at]);
    findings.push({ cause, grant, other, at, witness });
  }
  return findings;
}

/** Sections and accesses that carry a token which their grant did not bring. */
function foreignTokens(index: HistoryIndex): Finding[] {
  const findings: Finding[] = [];
  const entered = index.sections.map(({ enter }) => enter);
  for (const at of [...entered, ...index.accesses]) {
    const record = index.records[at] as EnterRecord | AccessRecord;
    const grant = index.grantById.get(record.grant)!;
    if (record.fencingToken === undefined || record.fencingToken === tokenOf(grant)) continue;
    findings.push({ cause: 'foreign', grant, at, witness: [grant.acquire.completed, at] });
  }
  return findings;
}

function tokenOf(grant: Grant): number | undefined {
  return grant.acquire.completion?.fencingToken;
}

function witnessOf(records: readonly number[]): number[] {
  return [...new Set(records)].sort((a, b) => a - b);
}

function verdictOf(index: HistoryIndex, findings: readonly Finding[]): PropertyVerdict {
  const { cause, grant, other, witness } = findings[0]!;
  const fencingToken = tokenOf(grant);
  const otherToken = other && tokenOf(other);
  return {
    property: 'fencing',
    verdict: 'invalid',
    cause,
    witness,
    offender: { host: grant.client, operation: grant.operation },
    ...(other && { victim: { host: other.client, operation: other.operation } }),
    details: {
      key: grant.key,
      violations: findings.length,
      ...(fencingToken !== undefined && { fencingToken }),
      ...(otherToken !== undefined && { earlierFencingToken: otherToken }),
      grantedAtUs: positionOf(index, grantedAt(index, grant)).atUs,
    },
  };
}
