/** A connection to etcd: calls that do not wait for each other, deadlines, watches (R7, R14). */
import { expect, test } from 'vitest';
import { CallTimeout, type ConnectionLost } from '../../../src/algorithms/environment.js';
import { EtcdError, type EtcdWatchNews } from '../../../src/algorithms/etcd.js';
import type { EtcdConnection } from '../../../src/algorithms/etcd-connection.js';
import type { Fault } from '../../../src/fault.js';
import { hashMessage, hashRequest } from '../../../src/sim/services/etcd-hash.js';
import { requestText } from '../../../src/sim/services/etcd-text.js';
import { toOperation } from '../../../src/sim/services/etcd-translation.js';
import { at, outcome, runScript, type Setting } from '../run.js';

/** What came of code that A runs alone on its connection. */
async function result<T>(
  code: (etcd: EtcdConnection, sleep: (ms: number) => Promise<void>) => Promise<T>,
  setting: Setting = {},
): Promise<T> {
  let answer: T | undefined;
  await runScript(
    {
      A1: async (environment) => {
        answer = await code(environment.etcd[0]!, (ms) => environment.sleep(ms));
      },
    },
    { service: 'etcd', ...setting },
  );
  return answer as T;
}

const partition = (durationUs: number, direction: 'both' | 'to-client' = 'both'): Fault => ({
  id: 'f1',
  class: 'partition',
  at: at(100_000),
  client: 'A',
  server: 'e1',
  direction,
  durationUs,
});

test('answers come back as a client library gives them', async () => {
  const answers = await result(async (etcd) => {
    const lease = await etcd.grant(1_500);
    await etcd.put('k', 'v', { lease: lease.id });
    const { kvs } = await etcd.range('k');
    const kept = await etcd.keepAlive(lease.id);
    const left = await etcd.timeToLive(lease.id, { keys: true });
    const { succeeded } = await etcd.txn({
      compare: [{ target: 'value', key: 'k', result: 'equal', operand: 'w' }],
      success: [],
    });
    await etcd.revoke(lease.id);
    return [lease.ttlMs, kvs[0]?.value, kept?.ttlMs, left.keys, succeeded];
  });
  expect(answers).toEqual([2_000, 'v', 2_000, ['k'], false]);
});

test('errors are of etcd, and a lease that is gone is undefined to a keep-alive', async () => {
  const [error, kept] = await result(async (etcd) => {
    const [, refusal] = await outcome(etcd.revoke(7));
    return [refusal, await etcd.keepAlive(7)];
  });
  expect(error).toBeInstanceOf(EtcdError);
  expect(error).toMatchObject({
    code: 'NotFound',
    message: 'etcdserver: requested lease not found',
    refused: true,
  });
  expect(kept).toBeUndefined();
});

test('R7 a deadline ends its call alone: the request is applied, the connection goes on', async () => {
  const [late, early, value] = await result(
    async (etcd, sleep) => {
      await etcd.put('k', 'before');
      await sleep(150);
      const waiting = etcd.range('k');
      const [, failure] = await outcome(etcd.within(50).put('k', 'after'));
      const { kvs } = await waiting;
      await sleep(10);
      return [failure, kvs[0]?.value, (await etcd.range('k')).kvs[0]?.value];
    },
    { faults: [partition(1_000_000)] },
  );
  expect(late).toBeInstanceOf(CallTimeout);
  expect([early, value]).toEqual(['before', 'after']);
});

test('R7 when the connection is lost, calls reject and watches end', async () => {
  const lost: Fault = { id: 'f1', class: 'lost-reply', at: at(1e6), client: 'A', server: 'e1' };
  const [how, error, watch] = await result(
    async (etcd, sleep) => {
      const opened = await etcd.watch('k', {}, () => {});
      await sleep(1_500);
      return [...(await outcome(etcd.put('k', ''))), await opened.lost];
    },
    { faults: [lost] },
  );
  expect([how, watch]).toEqual(['error', { compactRevision: undefined }]);
  expect(error).toMatchObject({
    name: 'ConnectionLost',
    sent: true,
  } satisfies Partial<ConnectionLost>);
});

test('R7 a watch tells of what it was asked for, until it is cancelled', async () => {
  const news: EtcdWatchNews[] = [];
  await result(async (etcd, sleep) => {
    const { revision } = await etcd.put('k', '1');
    const watch = await etcd.watch('k', { startRevision: revision }, (more) => news.push(more));
    await etcd.put('other', '');
    await etcd.delete('k');
    await sleep(200);
    watch.cancel();
    await etcd.put('k', '2');
    await sleep(200);
  });
  const events = news.flatMap((one) => one.events.map(({ type, kv }) => [type, kv.key]));
  expect(events).toEqual([
    ['put', 'k'],
    ['delete', 'k'],
  ]);
});

test('R14 every field of a request and of an answer counts in its hash', () => {
  const range = { type: 'range', key: 'k' } as const;
  const requests = [
    toOperation(range),
    toOperation({ ...range, limit: 1 }),
    toOperation({ ...range, rangeEnd: 'l' }),
    toOperation({ ...range, revision: 1 }),
    toOperation({ ...range, maxCreateRevision: 1 }),
    toOperation({ ...range, sortOrder: 'descend' }),
    toOperation({ type: 'put', key: 'k', value: '' }),
    toOperation({ type: 'put', key: 'k', value: '', lease: 2 ** 40 }),
    toOperation({ type: 'put', key: 'k', value: '', lease: 2 ** 41 }),
  ];
  expect(new Set(requests.map(hashRequest)).size).toBe(requests.length);
  const lease = { type: 'leaseGrant', revision: 1, id: 1, ttlSeconds: 2 } as const;
  const messages = [
    { call: 0, body: lease },
    { call: 1, body: lease },
    { call: 0, body: { ...lease, id: 2 } },
    { call: 0, body: { ...lease, ttlSeconds: 3 } },
    { call: 0, body: { ...lease, revision: 2 } },
  ];
  expect(new Set(messages.map(hashMessage)).size).toBe(messages.length);
});

test('requests read as typed into etcdctl', () => {
  const queue = { type: 'range', key: 'job/', rangeEnd: 'job0', limit: 1 } as const;
  expect(requestText(toOperation({ ...queue, sortOrder: 'descend', sortTarget: 'create' }))).toBe(
    'get job/ --prefix --order=descend --sort-by=create --limit=1',
  );
  expect(requestText({ type: 'leaseRevoke', id: 255 })).toBe('lease revoke ff');
});
