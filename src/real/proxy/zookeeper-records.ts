/**
 * Requests to ZooKeeper as its server reads them: from the records of its protocol to the messages
 * that a model of the server takes (upstream zookeeper-jute/src/main/resources/zookeeper.jute).
 */
import type {
  Acl,
  ConnectRequest,
  Operation,
  Request,
  RequestBody,
} from '../../sim/servers/zookeeper/messages.js';
import { OPERATION_CODE, toSecret } from '../client/zookeeper-requests.js';

const ID_BYTES = 8;
/** The upper bits of a session id are left out, as clients do. */
const ID_BITS = 53;

const TYPES: ReadonlyMap<number, RequestBody['type'] | 'check'> = new Map(
  Object.entries(OPERATION_CODE).map(([type, code]) => [code, type as RequestBody['type']]),
);

/** Reads the fields of a record in their order. */
class Fields {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  int(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  long(): number {
    return Number(this.raw(ID_BYTES).readBigInt64BE());
  }

  boolean(): boolean {
    return this.bytes[this.at++] === 1;
  }

  raw(length: number): Buffer {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  buffer(): Buffer | undefined {
    const length = this.int();
    return length < 0 ? undefined : this.raw(length);
  }

  text(): string {
    return this.buffer()?.toString('utf8') ?? '';
  }

  data(): string | null {
    return this.buffer()?.toString('utf8') ?? null;
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int()) }, read);
  }
}

/** The first request of a connection. */
export function readConnect(record: Buffer): ConnectRequest {
  const fields = new Fields(record);
  fields.int();
  const lastZxidSeen = fields.long();
  const timeoutMs = fields.int();
  const id = fields.raw(ID_BYTES);
  const word = fields.buffer() ?? Buffer.alloc(0);
  const sessionId = Number(BigInt.asUintN(ID_BITS, id.readBigUInt64BE()));
  const password = sessionId === 0 ? '' : toSecret(id, word);
  return { type: 'connect', sessionId, password, timeoutMs, lastZxidSeen };
}

/** Any other; undefined if no lock asks for that. */
export function readRequest(record: Buffer): Request | undefined {
  const fields = new Fields(record);
  const xid = fields.int();
  const type = TYPES.get(fields.int());
  const body = type && readBody(type, fields);
  return body && { ...body, xid };
}

function readBody(type: RequestBody['type'] | 'check', fields: Fields): RequestBody | undefined {
  switch (type) {
    case 'ping':
    case 'closeSession':
      return { type };
    case 'exists':
    case 'getData':
    case 'getChildren':
      return { type, path: fields.text(), watch: fields.boolean() };
    case 'sync':
      return { type, path: fields.text() };
    case 'multi':
      return { type, operations: readOperations(fields) };
    case 'setWatches': {
      const paths = () => fields.list(() => fields.text());
      return {
        type,
        relativeZxid: fields.long(),
        dataWatches: paths(),
        existWatches: paths(),
        childWatches: paths(),
        persistentWatches: [],
        persistentRecursiveWatches: [],
      };
    }
    default: {
      const operation = readOperation(type, fields);
      return operation?.type === 'check' ? undefined : operation;
    }
  }
}

function readOperation(type: RequestBody['type'] | 'check', fields: Fields): Operation | undefined {
  switch (type) {
    case 'create':
    case 'create2':
    case 'createContainer': {
      const [path, data] = [fields.text(), fields.data()];
      const acl = fields.list(
        (): Acl => ({ perms: fields.int(), scheme: fields.text(), id: fields.text() }),
      );
      return { type, path, data, acl, flags: fields.int() };
    }
    case 'delete':
    case 'check':
      return { type, path: fields.text(), version: fields.int() };
    case 'setData':
      return { type, path: fields.text(), data: fields.data(), version: fields.int() };
    default:
      return undefined;
  }
}

/** Each has a header: its type, whether there are no more, and an error that is none. */
function readOperations(fields: Fields): Operation[] {
  const operations: Operation[] = [];
  for (;;) {
    const type = TYPES.get(fields.int());
    const isLast = fields.boolean();
    fields.int();
    const operation = isLast || type === undefined ? undefined : readOperation(type, fields);
    if (operation === undefined) return operations;
    operations.push(operation);
  }
}
