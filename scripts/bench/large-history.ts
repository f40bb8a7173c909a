/**
 * A long valid history of a single-server lease lock, for measuring checkers at a size that no run
 * reaches. Three clients take turns; now and then one sleeps past its lease and leaves on waking.
 */
import type { CallId, History, HistoryRecord, LeaseId } from '../../src/history.js';

const TTL_US = 10_000_000;
const CLIENTS = ['A', 'B', 'C'] as const;
/** Every so many rounds the holder sleeps until its lease is over. */
const SLEEPER_EVERY = 100;

/** What a round of one client needs to be written down. */
interface Round {
  readonly client: string;
  readonly incarnation: 1;
  readonly operation: string;
}

/**
 * Writes `operations` calls (each an invocation and its completion): per round one acquire and one
 * release, with a section of a read and a write between them, 13 records in all.
 */
export function largeHistory(operations: number): History {
  const records: HistoryRecord[] = [];
  let atUs = 0;
  for (let call = 1; call + 1 <= operations; call += 2) {
    const round = (call - 1) / 2;
    const client = CLIENTS[round % CLIENTS.length]!;
    const who: Round = { client, incarnation: 1, operation: `${client}${round + 1}` };
    acquire(records, who, call, atUs);
    const sleeps = round % SLEEPER_EVERY === SLEEPER_EVERY - 1;
    atUs = sleeps
      ? sleepThrough(records, who, call, atUs + 1_000)
      : work(records, who, call, atUs + 1_000);
  }
  return { world: WORLD, records, healedAtUs: atUs, endUs: atUs };
}

const WORLD: History['world'] = {
  key: 'lock',
  ttlMs: TTL_US / 1000,
  waitMs: 0,
  clients: CLIENTS,
  servers: ['r1'],
  probe: 'P',
  declares: {},
  fenced: false,
  longestLatencyUs: 1_000,
  longestSectionUs: 2_000,
  longestRetryUs: 1_000,
  largestClockStepUs: 0,
};

function acquire(records: HistoryRecord[], who: Round, call: CallId, atUs: number): void {
  const { client, incarnation, operation } = who;
  const what = { call, client, operation, action: 'acquire' } as const;
  const key = 'lock';
  const asked = { incarnation, key, mode: 'exclusive', ttlMs: TTL_US / 1000, waitMs: 0 } as const;
  records.push({ type: 'invoke', atUs, ...what, ...asked });
  const owner = { host: client, incarnation, operation };
  records.push({
    type: 'lease',
    atUs: atUs + 500,
    lease: call,
    key,
    server: 'r1',
    ...owner,
    owner,
    sentAtUs: atUs,
    termUs: TTL_US,
    extends: false,
  });
  records.push({ type: 'acked', atUs: atUs + 1_000, lease: call });
  records.push({ type: 'ok', atUs: atUs + 1_000, ...what, ownerId: operation });
  const act = { atUs: atUs + 1_000, calledAtUs: atUs + 1_000, grant: call, client };
  records.push({ type: 'enter', ...act, incarnation, operation, key, mode: 'exclusive' });
}

/** Reads, writes, leaves and releases; returns when the key is free. */
function work(records: HistoryRecord[], who: Round, grant: CallId, atUs: number): number {
  const { client } = who;
  const at = (afterUs: number) => ({ atUs: atUs + afterUs, calledAtUs: atUs + afterUs });
  records.push({ type: 'step', ...at(0), grant, client, access: 'read' });
  records.push({ type: 'step', ...at(1_000), grant, client, access: 'write' });
  records.push({ type: 'exit', ...at(2_000), grant, client, completed: true });
  return release(records, who, grant, atUs + 2_000, true);
}

/** Sleeps until the lease is over, leaves without an act, and finds nothing to release. */
function sleepThrough(records: HistoryRecord[], who: Round, grant: CallId, atUs: number): number {
  const { client, incarnation } = who;
  const wakesAtUs = atUs + TTL_US;
  const lease: LeaseId = grant;
  records.push({ type: 'host', atUs, host: client, incarnation, state: 'paused' });
  records.push({ type: 'lease-end', atUs: wakesAtUs - 500, lease, cause: 'expired' });
  records.push({ type: 'host', atUs: wakesAtUs, host: client, incarnation, state: 'resumed' });
  const at = { atUs: wakesAtUs, calledAtUs: wakesAtUs };
  records.push({ type: 'exit', ...at, grant, client, completed: false });
  return release(records, who, grant, wakesAtUs, false);
}

function release(
  records: HistoryRecord[],
  who: Round,
  grant: CallId,
  atUs: number,
  held: boolean,
): number {
  const { client, incarnation, operation } = who;
  const call = grant + 1;
  const what = { call, client, operation, action: 'release' } as const;
  const key = 'lock';
  records.push({ type: 'invoke', atUs, ...what, incarnation, key, mode: 'exclusive', grant });
  records.push({ type: 'release-sent', atUs, grant });
  const appliedAtUs = atUs + 500;
  const effect = held ? 'ended' : 'none';
  const request = { action: 'release', ...who, server: 'r1', key, effect } as const;
  records.push({ type: 'request', atUs: appliedAtUs, sentAtUs: atUs, ...request });
  if (held) {
    const by = { host: client, incarnation, operation };
    const lease: LeaseId = grant;
    records.push({ type: 'lease-end', atUs: appliedAtUs, lease, cause: 'released', by });
  }
  records.push({ type: held ? 'ok' : 'fail', atUs: atUs + 1_000, ...what });
  return atUs + 1_000;
}
