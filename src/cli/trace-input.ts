/** Reads a trace, or what else the viewer shows, from a file, compressed or not. */
import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../host/engine-api.js';
import type { TraceFile } from '../timeline/format.js';
import { readTrace } from '../timeline/read.js';
import { DocumentProblem } from '../timeline/reading/json.js';

/**
 * The trace in a file.
 *
 * @throws {UsageError} if the file cannot be read.
 * @throws {DocumentProblem} if it is no whole trace.
 */
export function readTraceFile(file: string): TraceFile {
  return readTrace(readDocumentText(file), file);
}

/**
 * The text in a file; one that is compressed by gzip is known by its first bytes.
 *
 * @throws {UsageError} if the file cannot be read.
 * @throws {DocumentProblem} if what is compressed is damaged.
 */
export function readDocumentText(file: string): string {
  const bytes = bytesOf(file);
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return textOf(isCompressed ? unpacked(bytes, file) : bytes, file);
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
    throw new DocumentProblem(
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
