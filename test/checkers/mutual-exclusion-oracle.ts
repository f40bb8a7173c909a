/**
 * R1 to R3 of docs/semantics.md once more, as naively as they can be said: every pair of sections,
 * every record after the later entry, every rule by scanning the whole history again. Shares no
 * code with the checker. Slow on purpose.
 */
import type {
  EnterRecord,
  ExitRecord,
  History,
  HistoryRecord,
  LeaseRecord,
  StepRecord,
} from '../../src/history.js';

export interface OracleAnswer {
  readonly verdict: 'valid' | 'invalid';
  readonly class?: string;
  readonly cause?: string;
  readonly witness: readonly number[];
}

type Act = EnterRecord | StepRecord | ExitRecord;
export type Section = EnterRecord & { readonly index: number };
/** An instant, and which records have happened by then: all up to and without this index. */
type Instant = { readonly t: number; readonly happened: number };

const SEVERITY = ['double-grant', 'stale-belief', 'inherent-overlap'];

export function oracle(history: History): OracleAnswer {
  const sections = sectionsOf(history);
  let worst: OracleAnswer = { verdict: 'valid', witness: [] };
  for (const second of sections) {
    for (const first of sections) {
      if (first.index >= second.index || !conflict(first, second)) continue;
      const found = overlap(history, first, second);
      if (found === undefined) continue;
      if (worst.class !== undefined && rank(worst) <= rank(found)) continue;
      worst = found;
    }
  }
  return worst;
}

export function sectionsOf({ records }: History): Section[] {
  const sections: Section[] = [];
  records.forEach((record, index) => {
    if (record.type === 'enter') sections.push({ ...record, index });
  });
  return sections;
}

function rank(answer: OracleAnswer): number {
  return SEVERITY.indexOf(answer.class!);
}

export function conflict(a: Section, b: Section): boolean {
  return a.key === b.key && a.grant !== b.grant && !(a.mode === 'shared' && b.mode === 'shared');
}

/** R2, then R3. */
export function overlap(history: History, g: Section, h: Section): OracleAnswer | undefined {
  const { records } = history;
  const x = firstGoingOn(history, g, h);
  if (x === undefined) return undefined;
  const witness = [...new Set([g.index, h.index, x.index])];
  const answer = (name: string, cause?: string): OracleAnswer => ({
    verdict: 'invalid',
    class: name,
    ...(cause !== undefined && { cause }),
    witness,
  });
  const z: Instant = { t: h.atUs, happened: h.index };
  if (inTerm(history, g, z) && inTerm(history, h, z)) return answer('double-grant');
  const secondOffends = !inTerm(history, h, z);
  const act = secondOffends ? h.index : x.isAct ? x.index : undefined;
  if (!secondOffends) {
    const at: Instant = x.isAct
      ? { t: records[x.index]!.atUs, happened: x.index }
      : afterAllAt(records, records[x.index]!.atUs);
    if (inTerm(history, g, at)) return answer('double-grant', 'resurrected');
  }
  const offender = secondOffends ? h : g;
  const called: Instant =
    act === undefined ? afterAllAt(records, records[x.index]!.atUs) : callOf(records, act);
  if (knew(history, offender, called)) return answer('stale-belief');
  return answer('inherent-overlap', causeOf(history, offender, called, act));
}

function afterAllAt(records: readonly HistoryRecord[], t: number): Instant {
  return { t, happened: records.filter((record) => record.atUs <= t).length };
}

/** What had happened when the call of an act was entered. */
function callOf(records: readonly HistoryRecord[], act: number): Instant {
  const t = (records[act] as Act).calledAtUs;
  const happened = records.filter((record, index) => record.atUs <= t && index < act).length;
  return { t, happened };
}

/** The first act of g after h entered, or the first moment at which it runs on inside (R2). */
function firstGoingOn(
  history: History,
  g: Section,
  h: Section,
): { index: number; isAct: boolean } | undefined {
  const { records } = history;
  const act = records.findIndex((record, index) => index > h.index && isActOf(record, g));
  const moment = records.findIndex((_, index) => index >= h.index && runsOn(history, g, h, index));
  if (act === -1 && moment === -1) return undefined;
  if (moment === -1) return { index: act, isAct: true };
  if (act !== -1 && records[act]!.atUs <= records[moment]!.atUs) return { index: act, isAct: true };
  return { index: moment, isAct: false };
}

function isActOf(record: HistoryRecord, g: Section): boolean {
  if (record.type === 'exit') return record.completed && record.grant === g.grant;
  return (record.type === 'enter' || record.type === 'step') && record.grant === g.grant;
}

/** Right after this record g runs, both are inside, and g stays so until time moves on. */
function runsOn(history: History, g: Section, h: Section, index: number): boolean {
  const { records, endUs } = history;
  if (!inside(records, h, index)) return false;
  const t = records[index]!.atUs;
  for (let after = index; records[after]?.atUs === t; after++) {
    if (!inside(records, g, after) || !running(records, g, after)) return false;
  }
  return records.some((record) => record.atUs > t) || endUs > t;
}

function inside(records: readonly HistoryRecord[], g: Section, after: number): boolean {
  return !records
    .slice(0, after + 1)
    .some((record) => record.type === 'exit' && record.grant === g.grant);
}

function running(records: readonly HistoryRecord[], g: Section, after: number): boolean {
  let state = 'resumed';
  let incarnation = 1;
  for (const record of records.slice(0, after + 1)) {
    if (record.type !== 'host' || record.host !== g.client) continue;
    state = record.state;
    incarnation = record.incarnation;
  }
  return incarnation === g.incarnation && state !== 'paused' && state !== 'dead';
}

/** Leases that g's own host made or extended for it, with their index. */
function leasesOf(history: History, g: Section): (LeaseRecord & { index: number })[] {
  return history.records.flatMap((record, index) => {
    if (record.type !== 'lease' || record.host !== g.client) return [];
    const { host, incarnation, operation } = record.owner ?? record;
    const mine = host === g.client && incarnation === g.incarnation && operation === g.operation;
    return mine ? [{ ...record, index }] : [];
  });
}

function acked(history: History, lease: LeaseRecord, p: Instant): boolean {
  return history.records
    .slice(0, p.happened)
    .some((record) => record.type === 'acked' && record.lease === lease.lease);
}

interface End {
  readonly end: number;
  readonly lease: LeaseRecord & { index: number };
  readonly allowance: number;
}

/** R1: E(g, p) and the lease that decides it; `undefined` without a quorum. */
function promised(history: History, g: Section, p: Instant): End | undefined {
  const { servers, declares } = history.world;
  const ends: { end: number; lease: LeaseRecord & { index: number } }[] = [];
  for (const server of servers) {
    const newest = leasesOf(history, g)
      .filter((lease) => lease.server === server && acked(history, lease, p))
      .at(-1);
    if (newest !== undefined) ends.push({ lease: newest, end: endOf(history, newest, p) });
  }
  const quorum = declares.quorum ?? Math.floor(servers.length / 2) + 1;
  if (ends.length < quorum) return undefined;
  ends.sort((a, b) => (a.end === b.end ? a.lease.index - b.lease.index : a.end < b.end ? 1 : -1));
  const { end, lease } = ends[quorum - 1]!;
  const { ratio, constantMs } = declares.driftAllowance ?? { ratio: 0, constantMs: 0 };
  const allowance =
    typeof lease.termUs === 'number' ? Math.round(ratio * lease.termUs + constantMs * 1000) : 0;
  return { end: end - allowance, lease, allowance };
}

function endOf(history: History, lease: LeaseRecord, p: Instant): number {
  if (typeof lease.termUs === 'number') return lease.sentAtUs + lease.termUs;
  if (lease.termUs === 'none') return Number.POSITIVE_INFINITY;
  const ended = history.records
    .slice(0, p.happened)
    .find(
      (record) =>
        record.type === 'lease-end' && record.lease === lease.lease && record.cause === 'session',
    );
  return ended?.atUs ?? Number.POSITIVE_INFINITY;
}

function releasedOrTold(history: History, g: Section, p: Instant): boolean {
  return history.records
    .slice(0, p.happened)
    .some(
      (record) =>
        (record.type === 'release-sent' || record.type === 'told') && record.grant === g.grant,
    );
}

function inTerm(history: History, g: Section, p: Instant): boolean {
  if (releasedOrTold(history, g, p)) return false;
  const promise = promised(history, g, p);
  return promise !== undefined && p.t < promise.end;
}

/** R3: by what was told, sent and delivered, or by the monotonic clock. */
function knew(history: History, g: Section, w: Instant): boolean {
  if (releasedOrTold(history, g, w)) return true;
  const { servers, declares } = history.world;
  const quorum = declares.quorum ?? Math.floor(servers.length / 2) + 1;
  const stillPossible = servers.filter((server) => lastWord(history, g, server, w) !== 'lost');
  if (stillPossible.length < quorum) return true;
  const promise = promised(history, g, w);
  if (promise === undefined) return true;
  const { termUs, sentAtUs } = promise.lease;
  if (typeof termUs !== 'number') return false;
  const elapsed = mono(history, g.client, w.t) - mono(history, g.client, sentAtUs);
  return elapsed >= termUs - promise.allowance;
}

/** What a server said last about the lease of g, as far as it was delivered by then. */
function lastWord(history: History, g: Section, server: string, w: Instant): string | undefined {
  const mine = new Set(
    leasesOf(history, g)
      .filter((lease) => lease.server === server)
      .map((lease) => lease.lease),
  );
  let word: string | undefined;
  for (const record of history.records.slice(0, w.happened)) {
    if (record.type === 'acked' && mine.has(record.lease)) word = 'held';
    if (record.type !== 'loss-delivered' || record.server !== server) continue;
    const { client, incarnation, operation } = record;
    if (client !== g.client || incarnation !== g.incarnation) continue;
    if (operation === g.operation) word = 'lost';
  }
  return word;
}

function mono(history: History, host: string, t: number): number {
  let shown = t;
  for (const record of history.records) {
    if (record.type !== 'clock' || record.clock !== 'mono' || record.host !== host) continue;
    if (record.atUs > t) continue;
    const since = t - record.atUs;
    shown = record.localUs + since + Math.floor((since * record.ratePpm) / 1_000_000);
  }
  return shown;
}

function causeOf(
  history: History,
  g: Section,
  called: Instant,
  act: number | undefined,
): string | undefined {
  if (act !== undefined) {
    const { calledAtUs } = history.records[act] as Act;
    const wokenInside = history.records
      .slice(0, act)
      .some(
        (record) =>
          record.type === 'host' &&
          record.host === g.client &&
          record.state === 'resumed' &&
          record.atUs > calledAtUs,
      );
    if (wokenInside) return 'pause-inside-call';
  }
  const promise = promised(history, g, called);
  if (promise?.lease.termUs === 'session') return 'session-end-not-delivered';
  return promise !== undefined && called.t >= promise.end ? 'client-clock' : undefined;
}
