/** Messages of the protected resource: one line each. */
import { type Frame, type Framing, Splitter } from './framing.js';

const NEWLINE = 10;

export function lineFraming(): Framing {
  const requests = new Splitter(firstLine);
  const replies = new Splitter(firstLine);
  return {
    requests: (bytes) => requests.take(bytes),
    replies: (bytes) => replies.take(bytes),
    refusal: (error) => ({ reply: { bytes: Buffer.from(`${error}\n`), text: error } }),
  };
}

function firstLine(bytes: Buffer): Frame | undefined {
  const end = bytes.indexOf(NEWLINE) + 1;
  if (end === 0) return undefined;
  return { bytes: bytes.subarray(0, end), text: bytes.toString('utf8', 0, end - 1) };
}
