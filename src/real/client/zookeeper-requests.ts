/**
 * Requests to a real ZooKeeper as bytes, with the records of node-zookeeper-client. That library
 * has no codes for what came after ZooKeeper 3.4; here they are.
 */
import jute, { type Writable } from 'node-zookeeper-client/lib/jute/index.js';
import type {
  Acl,
  ConnectRequest,
  Operation,
  Request,
  RequestBody,
} from '../../sim/servers/zookeeper/messages.js';

const { protocol, data } = jute;

/** Upstream `ZooDefs.OpCode`. */
export const OPERATION_CODE: Readonly<Partial<Record<RequestBody['type'] | 'check', number>>> = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getChildren: 8,
  sync: 9,
  ping: 11,
  check: 13,
  multi: 14,
  create2: 15,
  createContainer: 19,
  setWatches: 101,
  closeSession: -11,
};

/** Of the records that end a transaction. */
const NO_MORE = -1;
const PROTOCOL_VERSION = 0;
const PASSWORD_BYTES = 16;

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** A session as its client keeps it: the whole id, and the password, in hexadecimal. */
export function toSecret(id: Buffer, password: Buffer): string {
  return Buffer.concat([id, password]).toString('hex');
}

export function encode(request: Request): Buffer {
  if (request.type === 'connect') return encodeConnect(request);
  const code = OPERATION_CODE[request.type];
  if (code === undefined) throw new TypeError(`no request of this client: ${request.type}`);
  const header = new protocol.RequestHeader(request.xid, code);
  return new jute.Request(header, payloadOf(request)).toBuffer();
}

function encodeConnect({ password, timeoutMs, lastZxidSeen }: ConnectRequest): Buffer {
  const secret = password === '' ? Buffer.alloc(8 + PASSWORD_BYTES) : Buffer.from(password, 'hex');
  const [id, word] = [secret.subarray(0, 8), secret.subarray(8)];
  const zxid = long(lastZxidSeen);
  const record = new protocol.ConnectRequest(PROTOCOL_VERSION, zxid, timeoutMs, id, word);
  return new jute.Request(null, record).toBuffer();
}

function payloadOf(request: RequestBody): Writable | null {
  switch (request.type) {
    case 'exists':
      return new protocol.ExistsRequest(request.path, request.watch);
    case 'getData':
      return new protocol.GetDataRequest(request.path, request.watch);
    case 'getChildren':
      return new protocol.GetChildren2Request(request.path, request.watch);
    case 'sync':
      // The record of a path alone, by another name.
      return new protocol.CreateResponse(request.path);
    case 'multi':
      return sequence([
        ...request.operations.flatMap((one) => [
          new protocol.MultiHeader(OPERATION_CODE[one.type]!, false, NO_MORE),
          recordOf(one),
        ]),
        new protocol.MultiHeader(NO_MORE, true, NO_MORE),
      ]);
    case 'setWatches': {
      const { relativeZxid, dataWatches, existWatches, childWatches } = request;
      const lists = [dataWatches, existWatches, childWatches].map((paths) => [...paths]);
      return new protocol.SetWatches(long(relativeZxid), ...lists);
    }
    case 'create2':
    case 'createContainer':
    case 'delete':
    case 'setData':
      return recordOf(request);
    default:
      return null;
  }
}

const bytesOf = (text: string | null) => (text === null ? undefined : Buffer.from(text));

function recordOf(operation: Operation): Writable {
  const { path } = operation;
  switch (operation.type) {
    case 'delete':
      return new protocol.DeleteRequest(path, operation.version);
    case 'check':
      return new protocol.CheckVersionRequest(path, operation.version);
    case 'setData':
      return new protocol.SetDataRequest(path, bytesOf(operation.data), operation.version);
    default: {
      const acl = operation.acl.map(toAcl);
      return new protocol.CreateRequest(path, bytesOf(operation.data), acl, operation.flags);
    }
  }
}

function toAcl({ perms, scheme, id }: Acl): Writable {
  return new data.ACL(perms, new data.Id(scheme, id));
}

function sequence(records: readonly Writable[]): Writable {
  return {
    byteLength: () => records.reduce((bytes, record) => bytes + record.byteLength(), 0),
    serialize: (buffer, offset) =>
      records.reduce((bytes, record) => bytes + record.serialize(buffer, offset + bytes), 0),
  };
}
