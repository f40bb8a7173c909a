/**
 * ZooKeeper's requests and responses as bytes (upstream zookeeper.jute, ZooDefs.java,
 * MultiOperationRecord.java). Session ids, which have 64 bits, become the number of the session
 * in the order of a recording.
 */
import type {
  Acl,
  Operation,
  OperationResult,
  RequestBody,
  Response,
  Result,
  ServerMessage,
  Stat,
  WatchEventKind,
} from '../../../src/sim/servers/zookeeper/messages.js';
import { type JuteReader, JuteWriter } from './jute.js';

const CODE = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  removeWatches: 18,
  createContainer: 19,
  createTTL: 21,
  setWatches: 105,
  getEphemerals: 103,
  addWatch: 106,
  closeSession: -11,
} as const;
type Coded = Extract<RequestBody, { type: keyof typeof CODE }>;

const WATCHER_TYPE = { children: 1, data: 2, any: 3 } as const;

/** A request as a frame. */
export function encode(request: RequestBody, xid: number): Buffer {
  if (!(request.type in CODE)) throw new Error(`cannot be sent: ${request.type}`);
  const known = request as Coded;
  const writer = new JuteWriter().int(xid).int(CODE[known.type]);
  writeBody(writer, known);
  return writer.frame();
}

function writeBody(writer: JuteWriter, request: Coded): void {
  switch (request.type) {
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      writer.text(request.path).bool(request.watch);
      return;
    case 'sync':
    case 'getEphemerals':
      writer.text(request.path);
      return;
    case 'multi':
      for (const operation of request.operations) {
        writer.int(CODE[operation.type]).bool(false).int(-1);
        writeOperation(writer, operation);
      }
      writer.int(-1).bool(true).int(-1);
      return;
    case 'setWatches': {
      const paths = (list: readonly string[]) => writer.list(list, (path) => writer.text(path));
      writer.long(request.relativeZxid);
      for (const kind of ['data', 'exist', 'child', 'persistent', 'persistentRecursive'] as const) {
        paths(request[`${kind}Watches`]);
      }
      return;
    }
    case 'addWatch':
      writer.text(request.path).int(request.mode === 'persistent' ? 0 : 1);
      return;
    case 'removeWatches':
      writer.text(request.path).int(WATCHER_TYPE[request.watcherType]);
      return;
    case 'ping':
    case 'closeSession':
      return;
    default:
      writeOperation(writer, request);
  }
}

function writeOperation(writer: JuteWriter, operation: Operation): void {
  writer.text(operation.path);
  if (operation.type === 'delete' || operation.type === 'check') {
    writer.int(operation.version);
  } else if (operation.type === 'setData') {
    writer.text(operation.data).int(operation.version);
  } else {
    writer.text(operation.data);
    writer.list(operation.acl, (acl: Acl) => {
      writer.int(acl.perms).text(acl.scheme).text(acl.id);
    });
    writer.int(operation.flags);
    if (operation.type === 'createTTL') writer.long(1000);
  }
}

/** Number of a session by its real id. */
export type SessionNumber = (id: bigint) => number;

const EVENTS: readonly (WatchEventKind | undefined)[] = [
  undefined,
  'NodeCreated',
  'NodeDeleted',
  'NodeDataChanged',
  'NodeChildrenChanged',
];
const SYNC_CONNECTED = 3;

/** Reads a frame that is not the answer to `connect`; `request` is what is answered next. */
export function decode(
  reader: JuteReader,
  request: () => RequestBody,
  sessionNumber: SessionNumber,
): ServerMessage {
  const xid = reader.int();
  const zxid = Number(reader.long());
  const error = reader.int();
  if (xid === -1) {
    const event = EVENTS[reader.int()];
    const state = reader.int();
    if (event === undefined || state !== SYNC_CONNECTED) throw new Error('not an event of a watch');
    return { type: 'event', event, path: reader.text()! };
  }
  const { type } = request();
  const result = error === 0 ? readResult(type, reader, sessionNumber) : undefined;
  if (!reader.atEnd) throw new Error(`left over after the response to ${type}`);
  return { type: 'response', xid, zxid, error, result, reason: undefined } satisfies Response;
}

function readResult(
  type: RequestBody['type'],
  reader: JuteReader,
  sessionNumber: SessionNumber,
): Result | undefined {
  const nothing = {
    path: undefined,
    data: undefined,
    children: undefined,
    stat: undefined,
    results: undefined,
  };
  const stat = () => readStat(reader, sessionNumber);
  switch (type) {
    case 'create':
    case 'sync':
      return { ...nothing, path: reader.text()! };
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return { ...nothing, path: reader.text()!, stat: stat() };
    case 'exists':
    case 'setData':
      return { ...nothing, stat: stat() };
    case 'getData':
      return { ...nothing, data: reader.text(), stat: stat() };
    case 'getChildren':
    case 'getEphemerals':
      return { ...nothing, children: reader.list(() => reader.text()!) };
    case 'getChildren2':
      return { ...nothing, children: reader.list(() => reader.text()!), stat: stat() };
    case 'multi':
      return { ...nothing, results: readResults(reader, stat) };
    case 'addWatch':
      reader.int();
      return undefined;
    default:
      return undefined;
  }
}

function readResults(reader: JuteReader, stat: () => Stat): OperationResult[] {
  const results: OperationResult[] = [];
  for (;;) {
    const type = reader.int();
    const done = reader.bool();
    reader.int();
    if (done) return results;
    const isCreate = type === CODE.create || type === CODE.create2;
    results.push({
      error: type === -1 ? reader.int() : 0,
      path: isCreate ? reader.text()! : undefined,
      stat: type === CODE.setData || type === CODE.create2 ? stat() : undefined,
    });
  }
}

function readStat(reader: JuteReader, sessionNumber: SessionNumber): Stat {
  const [czxid, mzxid] = [Number(reader.long()), Number(reader.long())];
  const [ctimeMs, mtimeMs] = [Number(reader.long()), Number(reader.long())];
  const [version, cversion, aversion] = [reader.int(), reader.int(), reader.int()];
  const owner = reader.long();
  const ephemeralOwner = owner === 0n ? 0 : sessionNumber(owner);
  const [dataLength, numChildren] = [reader.int(), reader.int()];
  const pzxid = Number(reader.long());
  return {
    czxid,
    mzxid,
    pzxid,
    ctimeMs,
    mtimeMs,
    version,
    cversion,
    aversion,
    ephemeralOwner,
    dataLength,
    numChildren,
  };
}
