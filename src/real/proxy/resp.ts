/**
 * Messages of the Redis protocol: commands are arrays of bulk strings, replies any value (RESP2,
 * https://redis.io/docs/latest/develop/reference/protocol-spec).
 */
import { type Frame, type Framing, Splitter } from './framing.js';

const CR = 13;

/** A value as redis-cli would show it, and where the next one begins. */
interface Value {
  readonly text: string;
  readonly end: number;
}

export function respFraming(): Framing {
  const requests = new Splitter(firstCommand);
  const replies = new Splitter(firstReply);
  return {
    requests: (bytes) => requests.take(bytes),
    replies: (bytes) => replies.take(bytes),
    refusal: (error) => {
      return { reply: { bytes: Buffer.from(`-${error}\r\n`), text: `(error) ${error}` } };
    },
  };
}

function lineEnd(bytes: Buffer, from: number): number | undefined {
  const at = bytes.indexOf(CR, from);
  return at < 0 || at + 1 >= bytes.length ? undefined : at;
}

function firstCommand(bytes: Buffer): Frame | undefined {
  const words: string[] = [];
  let at = lineEnd(bytes, 0);
  if (at === undefined) return undefined;
  const count = Number(bytes.toString('latin1', 1, at));
  let from = at + 2;
  while (words.length < count) {
    at = lineEnd(bytes, from);
    if (at === undefined) return undefined;
    const length = Number(bytes.toString('latin1', from + 1, at));
    const end = at + 2 + length + 2;
    if (end > bytes.length) return undefined;
    words.push(bytes.toString('utf8', at + 2, at + 2 + length));
    from = end;
  }
  return { bytes: bytes.subarray(0, from), text: words.join(' '), body: words };
}

function firstReply(bytes: Buffer): Frame | undefined {
  const value = valueAt(bytes, 0);
  if (value === undefined) return undefined;
  return { bytes: bytes.subarray(0, value.end), text: value.text };
}

function valueAt(bytes: Buffer, from: number): Value | undefined {
  const at = lineEnd(bytes, from);
  if (at === undefined) return undefined;
  const line = bytes.toString('utf8', from + 1, at);
  const end = at + 2;
  switch (String.fromCharCode(bytes[from]!)) {
    case '+':
      return { text: line, end };
    case '-':
      return { text: `(error) ${line}`, end };
    case ':':
      return { text: `(integer) ${line}`, end };
    case '$':
      return bulkAt(bytes, Number(line), end);
    default:
      return arrayAt(bytes, Number(line), end);
  }
}

function bulkAt(bytes: Buffer, length: number, from: number): Value | undefined {
  if (length < 0) return { text: '(nil)', end: from };
  const end = from + length + 2;
  if (end > bytes.length) return undefined;
  return { text: JSON.stringify(bytes.toString('utf8', from, from + length)), end };
}

function arrayAt(bytes: Buffer, count: number, from: number): Value | undefined {
  if (count < 0) return { text: '(nil)', end: from };
  const items: string[] = [];
  let end = from;
  while (items.length < count) {
    const item = valueAt(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.text);
    end = item.end;
  }
  return { text: `[${items.join(', ')}]`, end };
}
