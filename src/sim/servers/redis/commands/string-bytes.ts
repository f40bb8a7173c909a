/**
 * The commands that see a string as bytes: APPEND, STRLEN, GETRANGE, SETRANGE (`t_string.c`).
 */
import { byteLength, joinBytes, overwriteBytes, sliceBytes } from '../bytes.js';
import { command, type Handler, WRITE } from '../command.js';
import { stringEntry } from '../entry.js';
import { NOT_AN_INTEGER, WRONG_TYPE } from '../errors.js';
import { notify, STRING } from '../notifications.js';
import { parseIndex } from '../numbers.js';
import { RedisError } from '../reply.js';

/** Longest string Redis takes by default (`proto-max-bulk-len`). */
const LONGEST = 512 * 1024 * 1024;
const TOO_LONG = new RedisError('ERR string exceeds maximum allowed size (proto-max-bulk-len)');

const append: Handler = (context, args) => {
  const key = args[1]!;
  const before = context.keyspace.find(key);
  if (before !== undefined && before.type !== 'string') return WRONG_TYPE;
  const value = joinBytes(before?.value ?? '', args[2]!);
  context.keyspace.put(key, before, stringEntry(value, before?.expireAtMs));
  notify(context, STRING, 'append', key);
  return byteLength(value);
};

const strlen: Handler = (context, args) => {
  const entry = context.keyspace.find(args[1]!);
  if (entry === undefined) return 0;
  return entry.type === 'string' ? byteLength(entry.value) : WRONG_TYPE;
};

const getrange: Handler = (context, args) => {
  const first = parseIndex(args[2]!);
  const last = parseIndex(args[3]!);
  if (first === undefined || last === undefined) return NOT_AN_INTEGER;
  const entry = context.keyspace.find(args[1]!);
  if (entry === undefined) return '';
  if (entry.type !== 'string') return WRONG_TYPE;
  if (first < 0 && last < 0 && first > last) return '';
  const length = byteLength(entry.value);
  const start = Math.max(first < 0 ? length + first : first, 0);
  const end = Math.min(Math.max(last < 0 ? length + last : last, 0), length - 1);
  return start > end ? '' : sliceBytes(entry.value, start, end + 1);
};

const setrange: Handler = (context, args) => {
  const offset = parseIndex(args[2]!);
  if (offset === undefined) return NOT_AN_INTEGER;
  if (offset < 0) return new RedisError('ERR offset is out of range');
  const key = args[1]!;
  const before = context.keyspace.find(key);
  if (before !== undefined && before.type !== 'string') return WRONG_TYPE;
  const current = before?.value ?? '';
  const patch = args[3]!;
  if (patch === '') return byteLength(current);
  if (offset + byteLength(patch) > LONGEST) return TOO_LONG;
  const value = overwriteBytes(current, offset, patch);
  context.keyspace.put(key, before, stringEntry(value, before?.expireAtMs));
  notify(context, STRING, 'setrange', key);
  return byteLength(value);
};

export const STRING_BYTE_COMMANDS = [
  command('append', 3, WRITE, append),
  command('strlen', 2, 0, strlen),
  command('getrange', 4, 0, getrange),
  command('substr', 4, 0, getrange),
  command('setrange', 4, WRITE, setrange),
];
