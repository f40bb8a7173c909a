/**
 * The messages of etcd's v3 API (`etcdserver/etcdserverpb/rpc.proto`, `mvcc/mvccpb/kv.proto`), with
 * their fields called as the simulated etcd calls them.
 */
import { bool, type Descriptor, int, ints, many, one, text, texts } from './wire.js';

const HEADER: Descriptor = { memberId: int(2), revision: int(3) };

const KEY_VALUE: Descriptor = {
  key: text(1),
  value: text(5),
  createRevision: int(2),
  modRevision: int(3),
  version: int(4),
  lease: int(6),
};

const RANGE: Descriptor = {
  key: text(1),
  rangeEnd: text(2),
  limit: int(3),
  revision: int(4),
  sortOrder: int(5),
  sortTarget: int(6),
  serializable: bool(7),
  keysOnly: bool(8),
  countOnly: bool(9),
  minModRevision: int(10),
  maxModRevision: int(11),
  minCreateRevision: int(12),
  maxCreateRevision: int(13),
};
const RANGE_RESPONSE: Descriptor = {
  header: one(1, HEADER),
  kvs: many(2, KEY_VALUE),
  more: bool(3),
  count: int(4),
};

const PUT: Descriptor = {
  key: text(1),
  value: text(2),
  lease: int(3),
  prevKv: bool(4),
  ignoreValue: bool(5),
  ignoreLease: bool(6),
};
const PUT_RESPONSE: Descriptor = { header: one(1, HEADER), prevKv: one(2, KEY_VALUE) };

const DELETE_RANGE: Descriptor = { key: text(1), rangeEnd: text(2), prevKv: bool(3) };
const DELETE_RANGE_RESPONSE: Descriptor = {
  header: one(1, HEADER),
  deleted: int(2),
  prevKvs: many(3, KEY_VALUE),
};

const COMPARE: Descriptor = {
  result: int(1),
  targetNumber: int(2),
  key: text(3),
  version: int(4),
  create: int(5),
  mod: int(6),
  value: text(7),
  lease: int(8),
  rangeEnd: text(64),
};

/** A transaction may be an operation of another: the descriptor holds itself. */
const TXN: Record<string, Descriptor[string]> = { compare: many(1, COMPARE) };
const OPERATION: Descriptor = {
  range: one(1, RANGE),
  put: one(2, PUT),
  deleteRange: one(3, DELETE_RANGE),
  txn: one(4, TXN),
};
TXN['success'] = many(2, OPERATION);
TXN['failure'] = many(3, OPERATION);

const TXN_RESPONSE: Record<string, Descriptor[string]> = {
  header: one(1, HEADER),
  succeeded: bool(2),
};
TXN_RESPONSE['responses'] = many(3, {
  range: one(1, RANGE_RESPONSE),
  put: one(2, PUT_RESPONSE),
  deleteRange: one(3, DELETE_RANGE_RESPONSE),
  txn: one(4, TXN_RESPONSE),
});

const EVENT: Descriptor = {
  typeNumber: int(1),
  kv: one(2, KEY_VALUE),
  prevKv: one(3, KEY_VALUE),
};

const WATCH: Descriptor = {
  create: one(1, {
    key: text(1),
    rangeEnd: text(2),
    startRevision: int(3),
    filters: ints(5),
    prevKv: bool(6),
    watchId: int(7),
  }),
  cancel: one(2, { watchId: int(1) }),
};
const WATCH_RESPONSE: Descriptor = {
  header: one(1, HEADER),
  watchId: int(2),
  created: bool(3),
  canceled: bool(4),
  compactRevision: int(5),
  cancelReason: text(6),
  events: many(11, EVENT),
};

const KEEP_ALIVE: Descriptor = { id: int(1) };
const KEEP_ALIVE_RESPONSE: Descriptor = {
  header: one(1, HEADER),
  id: int(2),
  ttlSeconds: int(3),
};

export interface Method {
  readonly path: string;
  readonly request: Descriptor;
  readonly response: Descriptor;
}

const HEADER_ONLY: Descriptor = { header: one(1, HEADER) };

/** Methods with one answer, by the type of the simulated etcd's request. */
export const METHODS = {
  range: { path: '/etcdserverpb.KV/Range', request: RANGE, response: RANGE_RESPONSE },
  put: { path: '/etcdserverpb.KV/Put', request: PUT, response: PUT_RESPONSE },
  deleteRange: {
    path: '/etcdserverpb.KV/DeleteRange',
    request: DELETE_RANGE,
    response: DELETE_RANGE_RESPONSE,
  },
  txn: { path: '/etcdserverpb.KV/Txn', request: TXN, response: TXN_RESPONSE },
  compact: {
    path: '/etcdserverpb.KV/Compact',
    request: { revision: int(1), physical: bool(2) },
    response: HEADER_ONLY,
  },
  leaseGrant: {
    path: '/etcdserverpb.Lease/LeaseGrant',
    request: { ttlSeconds: int(1), id: int(2) },
    response: { header: one(1, HEADER), id: int(2), ttlSeconds: int(3) },
  },
  leaseRevoke: {
    path: '/etcdserverpb.Lease/LeaseRevoke',
    request: { id: int(1) },
    response: HEADER_ONLY,
  },
  leaseTimeToLive: {
    path: '/etcdserverpb.Lease/LeaseTimeToLive',
    request: { id: int(1), keys: bool(2) },
    response: {
      header: one(1, HEADER),
      id: int(2),
      ttlSeconds: int(3),
      grantedTtlSeconds: int(4),
      keys: texts(5),
    },
  },
  leaseLeases: {
    path: '/etcdserverpb.Lease/LeaseLeases',
    request: {},
    response: { header: one(1, HEADER), leases: many(2, { id: int(1) }) },
  },
} satisfies Record<string, Method>;

/** Methods whose requests and answers are streams. */
export const KEEP_ALIVES: Method = {
  path: '/etcdserverpb.Lease/LeaseKeepAlive',
  request: KEEP_ALIVE,
  response: KEEP_ALIVE_RESPONSE,
};
export const WATCHES: Method = {
  path: '/etcdserverpb.Watch/Watch',
  request: WATCH,
  response: WATCH_RESPONSE,
};

/** Beside the API of keys and leases: who leads, and making another member lead. */
export const STATUS: Method = {
  path: '/etcdserverpb.Maintenance/Status',
  request: {},
  response: { header: one(1, HEADER), version: text(2), leader: int(4) },
};
export const MOVE_LEADER: Method = {
  path: '/etcdserverpb.Maintenance/MoveLeader',
  request: { target: int(1) },
  response: HEADER_ONLY,
};
