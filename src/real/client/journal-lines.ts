/**
 * How lines of a client's journal are laid down to be written: of what a client says over and over,
 * the values of its fields in a fixed order, one after the other; anything else whole. Recording
 * must cost a client next to nothing: names of fields are most of what JSON writes, and fields that
 * are read by names known beforehand are read several times as fast.
 */
import type {
  CompleteRecord,
  EnterRecord,
  ExitRecord,
  HistoryRecord,
  InvokeRecord,
  ReleaseSentRecord,
  StepRecord,
  ValidityRecord,
} from '../../history.js';
import type { ClientLine, SentLine } from './job.js';

type IssuedLine = Extract<ClientLine, { readonly line: 'issued' }>;

/** Gives the values that were laid down, in that order; what was not there is undefined. */
type Next = () => never;

/** Stands before a line that is laid down whole. */
const WHOLE = '';

/** Lays a line down behind others. */
export function layDown(line: ClientLine, values: unknown[]): void {
  switch (line.line) {
    case 'record':
      layRecord(line.record, values);
      return;
    case 'sent':
      values.push('sent', line.atUs, line.server, line.text, line.operation, line.action);
      return;
    case 'issued':
      values.push('issued', line.ownerId, line.operation);
      return;
    default:
      values.push(WHOLE, line);
  }
}

function layRecord(record: HistoryRecord, values: unknown[]): void {
  switch (record.type) {
    case 'invoke': {
      const { atUs, call, client, incarnation, operation, action, key, mode } = record;
      values.push('invoke', atUs, call, client, incarnation, operation, action, key, mode);
      values.push(record.ttlMs, written(record.waitMs), record.grant);
      return;
    }
    case 'ok':
    case 'fail':
    case 'info': {
      const { type, atUs, call, client, operation, action, ownerId, fencingToken } = record;
      values.push(type, atUs, call, client, operation, action, ownerId, fencingToken);
      values.push(record.push, record.pull, record.reason);
      return;
    }
    case 'enter': {
      const { atUs, calledAtUs, grant, client, incarnation, operation, key, mode } = record;
      values.push('enter', atUs, calledAtUs, grant, client, incarnation, operation, key, mode);
      values.push(record.fencingToken);
      return;
    }
    case 'step': {
      const { atUs, calledAtUs, grant, client, access, cell } = record;
      values.push('step', atUs, calledAtUs, grant, client, access, cell);
      return;
    }
    case 'exit': {
      const { atUs, calledAtUs, grant, client, completed } = record;
      values.push('exit', atUs, calledAtUs, grant, client, completed);
      return;
    }
    case 'validity': {
      const { atUs, calledAtUs, grant, validForMs } = record;
      values.push('validity', atUs, calledAtUs, grant, written(validForMs));
      return;
    }
    case 'release-sent':
      values.push('release-sent', record.atUs, record.grant);
      return;
    default:
      values.push(WHOLE, { line: 'record', record });
  }
}

/** What was laid down, as it was said. */
export function takeUp(values: readonly unknown[]): ClientLine[] {
  const lines: ClientLine[] = [];
  let at = 0;
  const next = () => (values[at++] ?? undefined) as never;
  while (at < values.length) lines.push(takeLine(next(), next));
  return lines;
}

function takeLine(word: string, next: Next): ClientLine {
  switch (word) {
    case WHOLE:
      return next();
    case 'sent': {
      const [atUs, server, text] = [next(), next(), next()];
      return { line: 'sent', atUs, server, text, operation: next(), action: next() } as SentLine;
    }
    case 'issued':
      return { line: 'issued', ownerId: next(), operation: next() } satisfies IssuedLine;
    default:
      return { line: 'record', record: takeRecord(word as HistoryRecord['type'], next) };
  }
}

/** Fields are taken in the order in which they stand here, which is that of their type. */
function takeRecord(type: HistoryRecord['type'], next: Next): HistoryRecord {
  switch (type) {
    case 'invoke':
      return {
        type,
        atUs: next(),
        call: next(),
        client: next(),
        incarnation: next(),
        operation: next(),
        action: next(),
        key: next(),
        mode: next(),
        ttlMs: next(),
        waitMs: read(next()),
        grant: next(),
      } satisfies InvokeRecord;
    case 'ok':
    case 'fail':
    case 'info':
      return {
        type,
        atUs: next(),
        call: next(),
        client: next(),
        operation: next(),
        action: next(),
        ownerId: next(),
        fencingToken: next(),
        push: next(),
        pull: next(),
        reason: next(),
      } satisfies CompleteRecord;
    case 'enter':
      return {
        type,
        atUs: next(),
        calledAtUs: next(),
        grant: next(),
        client: next(),
        incarnation: next(),
        operation: next(),
        key: next(),
        mode: next(),
        fencingToken: next(),
      } satisfies EnterRecord;
    case 'step': {
      const [atUs, calledAtUs, grant] = [next(), next(), next()];
      const [client, access, cell] = [next(), next(), next()];
      return { type, atUs, calledAtUs, grant, client, access, cell } satisfies StepRecord;
    }
    case 'exit': {
      const [atUs, calledAtUs, grant] = [next(), next(), next()];
      const [client, completed] = [next(), next()];
      return { type, atUs, calledAtUs, grant, client, completed } satisfies ExitRecord;
    }
    case 'validity': {
      const [atUs, calledAtUs, grant] = [next(), next(), next()];
      const validForMs = read(next())!;
      return { type, atUs, calledAtUs, grant, validForMs } satisfies ValidityRecord;
    }
    case 'release-sent':
      return { type, atUs: next(), grant: next() } satisfies ReleaseSentRecord;
    default:
      throw new TypeError(`a journal lays records of type ${type} down whole`);
  }
}

/** JSON has no word for numbers that are not finite, and `null` stands for what is not there. */
function written(value: number | null | undefined): number | string | undefined {
  return value === null || (value !== undefined && !Number.isFinite(value)) ? `${value}` : value;
}

function read(value: number | string | undefined): number | null | undefined {
  if (typeof value !== 'string') return value;
  return value === 'null' ? null : Number(value);
}
