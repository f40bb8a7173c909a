/** Reads a trace from a file, compressed or not. */
import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../host/engine-api.js';
import type { TraceFile } from '../timeline/format.js';
import { readTrace, TraceProblem } from '../timeline/read.js';

/**
 * The trace in a file; one that is compressed by gzip is known by its first bytes.
 *
 * @throws {UsageError} if the file cannot be read.
 * @throws {TraceProblem} if it is no whole trace.
 */
export function readTraceFile(file: string): TraceFile {
  const bytes = bytesOf(file);
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return readTrace(textOf(isCompressed ? unpacked(bytes, file) : bytes, file), file);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${codeOf(error) ?? 'unreadable'})`);
  }
}

function unpacked(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: constants.MAX_STRING_LENGTH });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file);
    throw new TraceProblem(
      code === 'Z_BUF_ERROR'
        ? `${file} ends in the middle of what is compressed; copy or write it again, whole`
        : `${file} is compressed by gzip, and damaged; copy or write it again`,
    );
  }
}

function textOf(bytes: Buffer, file: string): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) throw tooLarge(file);
  return bytes.toString('utf8');
}

function tooLarge(file: string): UsageError {
  const mb = Math.floor(constants.MAX_STRING_LENGTH / 1_000_000);
  return new UsageError(`${file} is too large to be read: a trace has at most ${mb} MB of text`);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
