/** What a client of etcd writes, a proxy reads as the same request. */
import { describe, expect, test } from 'vitest';
import {
  type Raw,
  toRpc,
  toWatchCancel,
  toWatchCreate,
  type UnaryRequest,
} from '../../../src/real/client/etcd-messages.js';
import { grpcMethods } from '../../../src/real/client/etcd-services.js';
import { toRequest } from '../../../src/real/proxy/etcd-requests.js';
import { toOperation, toTxn } from '../../../src/sim/services/etcd-translation.js';

const methods = [...grpcMethods().values()];

/** As it comes out of the bytes that the library makes of it. */
function overTheWire(name: string, payload: Raw) {
  const wanted = name.toLowerCase();
  const method = methods.find(({ path }) => path.toLowerCase().endsWith(`/${wanted}`))!;
  const { requestSerialize } = method as unknown as { requestSerialize(raw: Raw): Buffer };
  const raw = method.requestDeserialize(requestSerialize(payload));
  return toRequest(method.path.slice(method.path.lastIndexOf('/') + 1), raw);
}

const REQUESTS: readonly UnaryRequest[] = [
  { type: 'leaseGrant', id: 281_474_976_710_655, ttlSeconds: 10 },
  { type: 'leaseRevoke', id: 5 },
  { type: 'leaseTimeToLive', id: 5, keys: true },
  toOperation({ type: 'put', key: 'k', value: 'ä', lease: 5 }),
  toOperation({ type: 'deleteRange', key: 'k', rangeEnd: 'l', prevKv: true }),
  toOperation({
    type: 'range',
    key: 'k/',
    rangeEnd: 'k0',
    limit: 1,
    sortOrder: 'descend',
    sortTarget: 'create',
    maxCreateRevision: 7,
  }),
  toTxn({
    compare: [
      { target: 'create', key: 'k', result: 'equal', operand: 0 },
      { target: 'value', key: 'k', result: 'notEqual', operand: 'A1' },
      { target: 'lease', key: 'k', result: 'greater', operand: 3 },
    ],
    success: [{ type: 'put', key: 'k', value: 'A1', lease: 5 }],
    failure: [
      { type: 'range', key: 'k' },
      { type: 'txn', compare: [], success: [] },
    ],
  }),
];

describe('requests to etcd', () => {
  test.each(REQUESTS.map((request) => [request.type, request] as const))('%s', (_type, request) => {
    const { method, payload } = toRpc(request);
    expect(overTheWire(method, payload)).toEqual(request);
  });

  test('a keep-alive', () => {
    const request = { type: 'leaseKeepAlive', id: 9 };
    expect(overTheWire('leaseKeepAlive', { ID: 9 })).toEqual(request);
  });

  test('a watch and its end', () => {
    const flags = { prevKv: false, noPut: true, noDelete: false } as const;
    const create = {
      type: 'watchCreate',
      key: 'k',
      rangeEnd: '',
      startRevision: 4,
      watchId: 2,
      ...flags,
    } as const;
    expect(overTheWire('watch', toWatchCreate(create))).toEqual(create);
    expect(overTheWire('watch', toWatchCancel(2))).toEqual({ type: 'watchCancel', watchId: 2 });
  });
});
