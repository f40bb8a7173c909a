/** What a connection to etcd promises, of a simulated and of a real one (R7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallTimeout, ConnectionLost } from '../../../src/algorithms/environment.js';
import { EtcdError, type EtcdWatchNews } from '../../../src/algorithms/etcd.js';
import type { EtcdConnection } from '../../../src/algorithms/etcd-connection.js';
import { outcome } from '../../sim/run.js';
import { isInstalled } from '../servers/needing.js';
import { type Arm, type Code, simulatedArm } from './arm.js';
import { type EtcdService, startEtcdService } from './etcd-service.js';
import { expectToExclude, soundLocks } from './lock-story.js';
import { openClient, realArm } from './real-arm.js';

const isReal = isInstalled('etcd');
let etcd: EtcdService;
beforeAll(async () => {
  if (isReal) etcd = await startEtcdService();
});
afterAll(async () => {
  if (isReal) await etcd.stop();
});

const arms: readonly Arm[] = [
  simulatedArm('etcd'),
  ...(isReal ? [{ name: 'real', run: (...args) => realArm(etcd).run(...args) } as Arm] : []),
];

const of = ({ env }: Parameters<Code>[0]): EtcdConnection => env.etcd[0]!;

describe.each(arms)('a $name connection to etcd', (arm) => {
  const alone = async (code: Code, setting?: Parameters<Arm['run']>[1]) =>
    (await arm.run({ A: code }, setting))['A']!;

  test('reads, compares, deletes and watches a key alone, and not what is behind it', async () => {
    const { value } = await alone(async (stage) => {
      const connection = of(stage);
      const heard: string[] = [];
      await connection.put('n', 'behind');
      await connection.watch('m', {}, ({ events }) => {
        heard.push(...events.map(({ kv }) => kv.key));
      });
      await connection.put('n', 'behind it');
      await connection.put('m', '1');
      const { kvs, count } = await connection.range('m');
      const compare = [{ target: 'value', key: 'm', result: 'equal', operand: '1' }] as const;
      const success = [{ type: 'deleteRange', key: 'm' }] as const;
      const { succeeded } = await connection.txn({ compare, success });
      const gone = await connection.delete('m');
      const left = await connection.range('n');
      await stage.env.sleep(50);
      return [kvs.map(({ key }) => key), count, succeeded, gone.deleted, left.count, heard];
    });
    expect(value).toEqual([['m'], 1, true, 0, 1, ['m', 'm']]);
  });

  test('writes, reads and deletes keys at revisions', async () => {
    const { value, sent } = await alone(async (stage) => {
      const connection = of(stage);
      const first = await connection.put('k', 'é');
      const second = await connection.put('k', 'w', { prevKv: true });
      const since = (revision: number) => revision - first.revision;
      const range = await connection.range('k');
      const past = await connection.range('k', { revision: first.revision });
      const absent = await connection.range('none');
      await connection.put('l', '');
      const all = await connection.range('k', {
        rangeEnd: 'm',
        limit: 1,
        sortOrder: 'descend',
        sortTarget: 'create',
        keysOnly: true,
      });
      const gone = await connection.delete('k', { rangeEnd: 'm', prevKv: true });
      const [kv] = range.kvs;
      return {
        types: [first.type, range.type, gone.type],
        put: [first.prevKv, second.prevKv?.value, since(second.revision)],
        kv: {
          ...kv,
          createRevision: since(kv!.createRevision),
          modRevision: since(kv!.modRevision),
        },
        past: past.kvs[0]?.value,
        absent: [absent.kvs, absent.count],
        all: [all.kvs.map(({ key, value }) => [key, value]), all.more, all.count],
        gone: [gone.deleted, gone.prevKvs.map(({ key }) => key), since(gone.revision)],
      };
    });
    expect(value).toEqual({
      types: ['put', 'range', 'deleteRange'],
      put: [undefined, 'é', 1],
      kv: { key: 'k', value: 'w', createRevision: 0, modRevision: 1, version: 2, lease: 0 },
      past: 'é',
      absent: [[], 0],
      all: [[['l', '']], true, 2],
      gone: [2, ['k', 'l'], 3],
    });
    expect(sent.slice(0, 3)).toEqual(['put k "é"', 'put k "w"', 'get k']);
    expect(sent.at(-2)).toBe('get k m --order=descend --sort-by=create --limit=1');
  });

  test('does the one or the other half of a transaction', async () => {
    const { value, sent } = await alone(async (stage) => {
      const connection = of(stage);
      const absent = { target: 'create', key: 'k', result: 'equal', operand: 0 } as const;
      const read = { type: 'range', key: 'k' } as const;
      const lock = { type: 'put', key: 'k', value: 'a' } as const;
      const done = await connection.txn({ compare: [absent], success: [lock], failure: [read] });
      const other = await connection.txn({ compare: [absent], success: [lock], failure: [read] });
      const mine = { target: 'value', key: 'k', result: 'equal', operand: 'a' } as const;
      const nested = await connection.txn({
        compare: [mine],
        success: [
          { type: 'txn', compare: [mine], success: [{ type: 'deleteRange', key: 'k' }, read] },
        ],
      });
      const [inner] = nested.responses;
      const [range] = other.responses;
      return [
        [done.succeeded, done.responses.map(({ type }) => type)],
        [other.succeeded, range?.type === 'range' && range.kvs[0]?.value],
        inner?.type === 'txn' && [inner.succeeded, inner.responses.map(({ type }) => type)],
      ];
    });
    expect(value).toEqual([
      [true, ['put']],
      [false, 'a'],
      [true, ['deleteRange', 'range']],
    ]);
    expect(sent[0]).toBe('txn if create("k") = "0" then put k "a" else get k');
  });

  test('a lease is granted in whole seconds, kept alive, and takes its keys with it', async () => {
    const { value } = await alone(async (stage) => {
      const connection = of(stage);
      const lease = await connection.grant(9_500);
      const safe = Number.isSafeInteger(lease.id) && lease.id > 0;
      await connection.put('k', 'v', { lease: lease.id });
      const { kvs } = await connection.range('k');
      const kept = await connection.keepAlive(lease.id);
      const left = await connection.timeToLive(lease.id, { keys: true });
      const isLeft = left.leftMs !== undefined && [9_000, 10_000].includes(left.leftMs);
      await connection.revoke(lease.id);
      const gone = await connection.timeToLive(lease.id);
      const named = await connection.grant(60_000, 4711);
      const [, twice] = await outcome(connection.grant(60_000, 4711));
      await connection.revoke(4711);
      return [
        [safe, lease.ttlMs, kvs[0]?.lease === lease.id, kept?.id === lease.id, kept?.ttlMs],
        [isLeft, left.grantedTtlMs, left.keys],
        [(await connection.range('k')).count, gone.leftMs, gone.keys],
        [named.id, (twice as EtcdError).code, (twice as Error).message],
      ];
    });
    expect(value).toEqual([
      [true, 10_000, true, true, 10_000],
      [true, 10_000, ['k']],
      [0, undefined, []],
      [4711, 'FailedPrecondition', 'etcdserver: lease already exists'],
    ]);
  });

  test('errors are those of etcd; a lease that is gone is undefined to a keep-alive', async () => {
    const { value } = await alone(async (stage) => {
      const connection = of(stage);
      const { revision } = await connection.put('k', '');
      const [, late] = await outcome(connection.range('k', { revision: revision + 9 }));
      const [, refusal] = await outcome(connection.revoke(7));
      const [, noLease] = await outcome(connection.put('k', '', { lease: 7 }));
      const [, empty] = await outcome(connection.put('', ''));
      return [late, refusal, noLease, empty, await connection.keepAlive(7)];
    });
    const [late, refusal, noLease, empty, kept] = value as [
      EtcdError,
      EtcdError,
      EtcdError,
      EtcdError,
      unknown,
    ];
    const texts = [late, refusal, noLease, empty].map(({ code, message }) => [code, message]);
    expect(texts).toEqual([
      ['OutOfRange', 'etcdserver: mvcc: required revision is a future revision'],
      ['NotFound', 'etcdserver: requested lease not found'],
      ['NotFound', 'etcdserver: requested lease not found'],
      ['InvalidArgument', 'etcdserver: key is not provided'],
    ]);
    expect(refusal).toBeInstanceOf(EtcdError);
    expect(refusal.refused).toBe(true);
    expect(kept).toBeUndefined();
  });

  test('R4 enters once for each call, and for no other reason', async () => {
    const { entered } = await alone(async (stage) => {
      const connection = of(stage);
      const lease = await connection.within(5_000).grant(60_000);
      await connection.keepAlive(lease.id);
      const watch = await connection.watch('k', {}, () => {});
      await connection.put('k', '');
      watch.cancel();
      watch.cancel();
      connection.close();
    });
    expect(entered).toBe(6);
  });

  test('R7 a watch tells of what it was asked for, until it is cancelled', async () => {
    const { value, sent } = await alone(async (stage) => {
      const connection = of(stage);
      const news: EtcdWatchNews[] = [];
      const deleted: EtcdWatchNews[] = [];
      const { revision } = await connection.put('k', '1');
      const watch = await connection.watch('k', { startRevision: revision }, (more) =>
        news.push(more),
      );
      await connection.watch('k', { rangeEnd: 'l', noPut: true, prevKv: true }, (more) =>
        deleted.push(more),
      );
      await connection.put('other', '');
      await connection.delete('k');
      await stage.env.sleep(200);
      watch.cancel();
      await connection.put('k', '2');
      await stage.env.sleep(200);
      const told = (all: EtcdWatchNews[]) =>
        all.flatMap(({ events }) =>
          events.map(({ type, kv, prevKv }) => [
            `${type} ${kv.key} ${kv.modRevision - revision}`,
            prevKv?.value,
          ]),
        );
      return [told(news), told(deleted)];
    });
    expect(value).toEqual([
      [
        ['put k 0', undefined],
        ['delete k 2', undefined],
      ],
      [['delete k 2', '1']],
    ]);
    expect(sent.filter((text) => text.includes('watch')).slice(1)).toEqual([
      'watch k --prefix',
      'cancel watch 1',
    ]);
  });

  test.each([
    ['lost-request', 0],
    ['lost-reply', 1],
  ] as const)('R7 %s: calls reject and watches end', async (strike, left) => {
    const { value } = await alone(
      async (stage) => {
        const connection = of(stage);
        const { lost } = await connection.watch('k', {}, () => {});
        await stage.armed();
        const [, error] = await outcome(connection.put('k', ''));
        return [error, await lost, (await connection.range('k')).count];
      },
      { strike },
    );
    const [error, lost, count] = value as readonly unknown[];
    expect(error).toBeInstanceOf(ConnectionLost);
    expect(error).toMatchObject({ sent: true });
    expect(lost).toEqual({ compactRevision: undefined });
    expect(count).toBe(left);
  });

  test('R7 without an answer in time a call gives up, and the connection goes on', async () => {
    const { value } = await alone(
      async (stage) => {
        const connection = of(stage);
        const lease = await connection.grant(60_000);
        await stage.armed();
        const limited = connection.within(50);
        const waiting = outcome(connection.put('k', ''));
        const [, late] = await outcome(limited.keepAlive(lease.id));
        const [, also] = await outcome(limited.watch('k', {}, () => {}));
        connection.close();
        const [, closed] = await waiting;
        const { ttlMs } = await connection.grant(7_000);
        return [late, (also as Error).name, closed, ttlMs];
      },
      { strike: 'half-open' },
    );
    const [late, also, closed, ttlMs] = value as readonly unknown[];
    expect(late).toBeInstanceOf(CallTimeout);
    expect(also).toBe('CallTimeout');
    expect(closed).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(ttlMs).toBe(7_000);
  });

  test('two clients want one key: one transaction is done, the other waits for the end', async () => {
    const take = (owner: string) =>
      ({
        compare: [{ target: 'create', key: 'job', result: 'equal', operand: 0 }],
        success: [{ type: 'put', key: 'job', value: owner }],
      }) as const;
    const seen = await arm.run({
      A: async (stage) => {
        const { succeeded } = await of(stage).txn(take('A'));
        await stage.env.sleep(400);
        await of(stage).delete('job');
        return succeeded;
      },
      B: async (stage) => {
        await stage.env.sleep(200);
        const before = await of(stage).txn(take('B'));
        await new Promise<void>((resolve) => {
          of(stage).watch('job', { startRevision: before.revision + 1 }, () => resolve());
        });
        return [before.succeeded, (await of(stage).txn(take('B'))).succeeded];
      },
    });
    expect([seen['A']!.value, seen['B']!.value]).toEqual([true, [false, true]]);
  });
});

describe.each(isReal ? ['a real connection to etcd'] : [])('%s', () => {
  test.each(soundLocks('etcd'))('$name excludes and hands over', (algorithm) =>
    expectToExclude(etcd, algorithm),
  );

  test('R7 a server that cannot be reached was sent nothing; the next call tries anew', async () => {
    const { env, proxy, calls, close } = await openClient(etcd, 'A');
    proxy.refuse(true);
    const [connection] = env.etcd;
    for (const _ of [1, 2]) {
      const [, refused] = await outcome(connection!.put('k', ''));
      expect(refused).toMatchObject({ name: 'ConnectionLost', sent: false });
    }
    proxy.refuse(false);
    await connection!.put('k', '');
    expect(calls.sent).toEqual(['put k ""']);
    await close();
    const [, gone] = await outcome(connection!.put('k', ''));
    expect(gone).toMatchObject({ name: 'ConnectionLost', sent: false });
  });

  test('R7 when the server goes, whoever waits is told, and the next call finds it again', async () => {
    const { env, close } = await openClient(etcd, 'A');
    const [connection] = env.etcd;
    const { lost } = await connection!.watch('k', {}, () => {});
    await connection!.put('k', 'kept');
    await etcd.restart();
    expect(await lost).toEqual({ compactRevision: undefined });
    const { kvs } = await connection!.range('k');
    expect(kvs[0]?.value).toBe('kept');
    await close();
  });

  test('all calls, streams and watches share one connection', async () => {
    const { env, proxy, close } = await openClient(etcd, 'A');
    const [connection] = env.etcd;
    const lease = await connection!.grant(60_000);
    await connection!.keepAlive(lease.id);
    await connection!.watch('k', {}, () => {});
    await connection!.put('k', '');
    expect(proxy.accepted).toBe(1);
    await close();
  });
});
