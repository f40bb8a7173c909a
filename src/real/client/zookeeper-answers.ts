/**
 * What a real ZooKeeper sends, with the records of node-zookeeper-client, as the messages that the
 * session speaks.
 *
 * Session ids have 64 bits, of which a number holds 53. The upper eleven are left out: the number
 * of the server that made the session, and the highest bits of a clock that starts with its machine
 * (upstream SessionTrackerImpl.initializeNextSessionId). So ids are the same numbers for all
 * clients, and the owner of a znode can be compared with a session.
 */
import jute, { type Record } from 'node-zookeeper-client/lib/jute/index.js';
import type {
  OperationResult,
  RequestBody,
  Result,
  ServerMessage,
  Stat,
  WatchEventKind,
} from '../../sim/servers/zookeeper/messages.js';
import { OPERATION_CODE, toSecret } from './zookeeper-requests.js';

const { protocol, data } = jute;

/** xid of what nobody asked for (upstream ClientCnxn.java). */
const NOTIFICATION_XID = -1;
/** Type of a failed operation in a transaction. */
const FAILED = -1;

/** Upstream `Watcher.Event.EventType`. */
const EVENTS: ReadonlyMap<unknown, WatchEventKind> = new Map([
  [1, 'NodeCreated'],
  [2, 'NodeDeleted'],
  [3, 'NodeDataChanged'],
  [4, 'NodeChildrenChanged'],
]);

const NOTHING: Result = {
  path: undefined,
  data: undefined,
  children: undefined,
  stat: undefined,
  results: undefined,
};

/** Reads records one after the other. */
class Reader {
  private offset = 0;

  constructor(private readonly frame: Buffer) {}

  read(kind: new () => Record): Record {
    const record = new kind();
    this.offset += record.deserialize(this.frame, this.offset);
    return record;
  }
}

export function decodeConnected(frame: Buffer): ServerMessage {
  const record = new Reader(frame).read(protocol.ConnectResponse);
  const timeoutMs = record['timeOut'] as number;
  const id = record['sessionId'] as Buffer;
  if (timeoutMs <= 0) return { type: 'connected', sessionId: 0, password: '', timeoutMs: 0 };
  const password = toSecret(id, record['passwd'] as Buffer);
  return { type: 'connected', sessionId: toSessionId(id), password, timeoutMs };
}

/** @param typeOf the type of the request with that xid. */
export function decode(
  frame: Buffer,
  typeOf: (xid: number) => RequestBody['type'] | undefined,
): ServerMessage | undefined {
  const reader = new Reader(frame);
  const header = reader.read(protocol.ReplyHeader);
  const [xid, error] = [header['xid'] as number, header['err'] as number];
  if (xid === NOTIFICATION_XID) return toEvent(reader.read(protocol.WatcherEvent));
  const type = typeOf(xid);
  const result = error === 0 && type !== undefined ? readResult(type, reader) : undefined;
  return {
    type: 'response',
    xid,
    zxid: toNumber(header['zxid']),
    error,
    result,
    reason: undefined,
  };
}

function toEvent(record: Record): ServerMessage | undefined {
  const event = EVENTS.get(record['type']);
  return event && { type: 'event', event, path: record['path'] as string };
}

function readResult(type: RequestBody['type'], reader: Reader): Result {
  switch (type) {
    case 'sync':
      return { ...NOTHING, path: readPath(reader) };
    case 'create2':
    case 'createContainer':
      return { ...NOTHING, path: readPath(reader), stat: readStat(reader) };
    case 'exists':
    case 'setData':
      return { ...NOTHING, stat: readStat(reader) };
    case 'getData': {
      const record = reader.read(protocol.GetDataResponse);
      const bytes = record['data'] as Buffer | undefined;
      const text = bytes === undefined ? null : bytes.toString('utf8');
      return { ...NOTHING, data: text, stat: toStat(record['stat'] as Record) };
    }
    case 'getChildren': {
      // A number and so many texts, for which the library has no record.
      const length = reader.read(protocol.ErrorResponse)['err'] as number;
      return { ...NOTHING, children: Array.from({ length }, () => readPath(reader)) };
    }
    case 'multi':
      return { ...NOTHING, results: readResults(reader) };
    default:
      return NOTHING;
  }
}

function readPath(reader: Reader): string {
  return reader.read(protocol.CreateResponse)['path'] as string;
}

function readStat(reader: Reader): Stat {
  return toStat(reader.read(data.Stat));
}

function readResults(reader: Reader): OperationResult[] {
  const { create, create2, setData } = OPERATION_CODE;
  const results: OperationResult[] = [];
  for (;;) {
    const header = reader.read(protocol.MultiHeader);
    if (header['done'] === true) return results;
    const type = header['type'] as number;
    // In a transaction a create is answered without a stat, and only that of a container with one.
    results.push({
      error: type === FAILED ? (reader.read(protocol.ErrorResponse)['err'] as number) : 0,
      path: type === create || type === create2 ? readPath(reader) : undefined,
      stat: type === create2 || type === setData ? readStat(reader) : undefined,
    });
  }
}

function toStat(record: Record): Stat {
  return {
    czxid: toNumber(record['czxid']),
    mzxid: toNumber(record['mzxid']),
    pzxid: toNumber(record['pzxid']),
    ctimeMs: toNumber(record['ctime']),
    mtimeMs: toNumber(record['mtime']),
    version: record['version'] as number,
    cversion: record['cversion'] as number,
    aversion: record['aversion'] as number,
    ephemeralOwner: toSessionId(record['ephemeralOwner'] as Buffer),
    dataLength: record['dataLength'] as number,
    numChildren: record['numChildren'] as number,
  };
}

function toNumber(bytes: unknown): number {
  return Number((bytes as Buffer).readBigInt64BE());
}

/** Containers have an owner whose only bit is the highest one: none, like that of no session. */
function toSessionId(id: Buffer): number {
  return Number(BigInt.asUintN(53, id.readBigUInt64BE()));
}
