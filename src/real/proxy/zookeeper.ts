/**
 * Messages of ZooKeeper's protocol (upstream zookeeper-jute/src/main/resources/zookeeper.jute): a
 * length and a record each, answered in order, with the events of watches in between. Heartbeats
 * pass by themselves: no two runs have them at the same instants.
 */
import { ERROR } from '../../sim/servers/zookeeper/errors.js';
import {
  PING_XID,
  type RequestBody,
  type Request as ZooKeeperRequest,
} from '../../sim/servers/zookeeper/messages.js';
import { isThrottlable, NOT_RUNNING } from '../../sim/services/zookeeper-errors.js';
import { messageText, requestText } from '../../sim/services/zookeeper-text.js';
import { decode, decodeConnected } from '../client/zookeeper-answers.js';
import { type Frame, type Framing, type Refusal, Splitter } from './framing.js';
import { readConnect, readRequest } from './zookeeper-records.js';

const LENGTH_BYTES = 4;
/** xid, zxid and error. */
const REPLY_HEADER_BYTES = 16;

export function zookeeperFraming(): Framing {
  const types = new Map<number, RequestBody['type']>();
  const typeOf = (xid: number) => {
    const type = types.get(xid);
    types.delete(xid);
    return type;
  };
  let [asksToConnect, isGreeted] = [true, false];

  const requests = splitter((bytes, record) => {
    if (asksToConnect) {
      asksToConnect = false;
      const body = readConnect(record);
      return { bytes, text: requestText(body), body };
    }
    const body = readRequest(record);
    if (body === undefined) return { bytes, text: '' };
    if (body.type !== 'connect') types.set(body.xid, body.type);
    const frame = { bytes, text: requestText(body), body };
    return body.type === 'ping' ? { ...frame, passes: true } : frame;
  });

  const replies = splitter((bytes, record) => {
    if (!isGreeted) {
      isGreeted = true;
      return { bytes, text: messageText(decodeConnected(record)) };
    }
    const message = decode(record, typeOf);
    // A change of the server's state, which its connections tell.
    if (message === undefined) return { bytes, text: '', passes: true };
    const frame = { bytes, text: messageText(message) };
    if (message.type === 'event') return { ...frame, isNews: true };
    return record.readInt32BE(0) === PING_XID ? { ...frame, passes: true } : frame;
  });

  return {
    requests: (bytes) => requests.take(bytes),
    replies: (bytes) => replies.take(bytes),
    refusal,
  };
}

function splitter(read: (bytes: Buffer, record: Buffer) => Frame): Splitter {
  return new Splitter((bytes) => {
    if (bytes.length < LENGTH_BYTES) return undefined;
    const end = LENGTH_BYTES + bytes.readInt32BE(0);
    if (bytes.length < end) return undefined;
    return read(bytes.subarray(0, end), bytes.subarray(LENGTH_BYTES, end));
  });
}

/** Without a leader it closes connections; overloaded, it refuses what keeps no session alive. */
function refusal(error: string, request: Frame): Refusal {
  if (error === NOT_RUNNING) return { ends: true };
  const body = request.body as ZooKeeperRequest;
  if (body.type === 'connect' || !isThrottlable(body)) return { instead: request };
  const { xid } = body;
  const bytes = Buffer.alloc(LENGTH_BYTES + REPLY_HEADER_BYTES);
  bytes.writeInt32BE(REPLY_HEADER_BYTES, 0);
  bytes.writeInt32BE(xid, LENGTH_BYTES);
  bytes.writeInt32BE(ERROR.THROTTLEDOP, LENGTH_BYTES + 12);
  const answer = { zxid: 0, error: ERROR.THROTTLEDOP, result: undefined, reason: undefined };
  return { reply: { bytes, text: messageText({ type: 'response', xid, ...answer }) } };
}
