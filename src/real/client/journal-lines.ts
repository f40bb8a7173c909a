/**
 * How lines of a client's journal are laid down in a portion: of what a client says over and over,
 * its fields in a fixed order; anything else whole, as JSON. Fields that are read by names known
 * beforehand are read several times as fast.
 */
import type {
  Action,
  CallId,
  CompleteRecord,
  EnterRecord,
  ExitRecord,
  HistoryRecord,
  InvokeRecord,
  Mode,
  StepRecord,
  ValidityRecord,
} from '../../history.js';
import type { ClientLine, SentLine } from './job.js';
import type { PortionReader, PortionWriter } from './portion.js';

/** The `waitMs` of who waits without limit, `null` in a record. */
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** What stands before the fields of a line. */
const KINDS = [
  'whole',
  'sent',
  'issued',
  'invoke',
  'ok',
  'fail',
  'info',
  'enter',
  'step',
  'exit',
  'validity',
  'release-sent',
] as const;

function kindOf(name: (typeof KINDS)[number]): number {
  return KINDS.indexOf(name);
}

const [WHOLE, SENT, ISSUED] = [kindOf('whole'), kindOf('sent'), kindOf('issued')];
const [INVOKE, ENTER, STEP] = [kindOf('invoke'), kindOf('enter'), kindOf('step')];
const [EXIT, VALIDITY, RELEASE_SENT] = [kindOf('exit'), kindOf('validity'), kindOf('release-sent')];
const COMPLETE = { ok: kindOf('ok'), fail: kindOf('fail'), info: kindOf('info') };

/** Writes a line down behind others. */
export function layDown(line: ClientLine, to: PortionWriter): void {
  switch (line.line) {
    case 'record':
      layRecord(line.record, to);
      return;
    case 'sent':
      to.line(SENT);
      to.number(line.atUs);
      to.text(line.server);
      to.onceText(line.text);
      to.text(line.operation);
      to.text(line.action);
      return;
    case 'issued':
      to.line(ISSUED);
      to.text(line.ownerId);
      to.text(line.operation);
      return;
    default:
      layWhole(line, to);
  }
}

function layWhole(line: ClientLine, to: PortionWriter): void {
  to.line(WHOLE);
  to.onceText(JSON.stringify(line));
}

function layRecord(record: HistoryRecord, to: PortionWriter): void {
  if (!isAsTyped(record)) {
    layWhole({ line: 'record', record }, to);
    return;
  }
  switch (record.type) {
    case 'invoke':
      layInvoke(record, to);
      return;
    case 'ok':
    case 'fail':
    case 'info':
      layComplete(record, to);
      return;
    case 'enter':
      layEnter(record, to);
      return;
    case 'step':
      to.line(STEP);
      layAct(record, to);
      to.text(record.client);
      to.text(record.access);
      to.text(record.cell);
      return;
    case 'exit':
      to.line(EXIT);
      layAct(record, to);
      to.text(record.client);
      to.flag(record.completed);
      return;
    case 'validity':
      to.line(VALIDITY);
      layAct(record, to);
      to.number(record.validForMs);
      return;
    case 'release-sent':
      to.line(RELEASE_SENT);
      to.number(record.atUs);
      to.number(record.grant);
      return;
    default:
      layWhole({ line: 'record', record }, to);
  }
}

/**
 * Whether what a lock had to say is what its type says: nobody checks the types of a lock that
 * somebody brings, and the fields of a portion hold nothing else.
 */
function isAsTyped(record: HistoryRecord): boolean {
  switch (record.type) {
    case 'ok':
    case 'fail':
    case 'info':
      return (
        isPerhaps('string', record.ownerId) &&
        isPerhaps('string', record.reason) &&
        isPerhaps('number', record.fencingToken)
      );
    case 'enter':
      return isPerhaps('number', record.fencingToken);
    case 'validity':
      return typeof record.validForMs === 'number';
    default:
      return true;
  }
}

function isPerhaps(type: 'string' | 'number', value: unknown): boolean {
  return value === undefined || typeof value === type;
}

function layInvoke(record: InvokeRecord, to: PortionWriter): void {
  to.line(INVOKE);
  to.number(record.atUs);
  to.number(record.call);
  to.text(record.client);
  to.number(record.incarnation);
  to.text(record.operation);
  to.text(record.action);
  to.text(record.key);
  to.text(record.mode);
  to.number(record.ttlMs);
  to.number(record.waitMs === null ? NO_LIMIT : record.waitMs);
  to.number(record.grant);
}

function layComplete(record: CompleteRecord, to: PortionWriter): void {
  to.line(COMPLETE[record.type]);
  to.number(record.atUs);
  to.number(record.call);
  to.text(record.client);
  to.text(record.operation);
  to.text(record.action);
  to.text(record.ownerId);
  to.number(record.fencingToken);
  to.flag(record.push);
  to.flag(record.pull);
  to.text(record.reason);
}

function layEnter(record: EnterRecord, to: PortionWriter): void {
  to.line(ENTER);
  layAct(record, to);
  to.text(record.client);
  to.number(record.incarnation);
  to.text(record.operation);
  to.text(record.key);
  to.text(record.mode);
  to.number(record.fencingToken);
}

function layAct(record: EnterRecord | StepRecord | ExitRecord | ValidityRecord, to: PortionWriter) {
  to.number(record.atUs);
  to.number(record.calledAtUs);
  to.number(record.grant);
}

/** What was laid down, as it was said. */
export function takeUp(from: PortionReader): ClientLine[] {
  const lines: ClientLine[] = [];
  while (!from.isOver) lines.push(takeLine(from));
  return lines;
}

/** Fields are taken in the order in which they stand here, which is that of their type. */
function takeLine(from: PortionReader): ClientLine {
  const kind = KINDS[from.number()];
  switch (kind) {
    case 'whole':
      return JSON.parse(from.text()) as ClientLine;
    case 'sent':
      return {
        line: kind,
        atUs: from.number(),
        server: from.text(),
        text: from.text(),
        operation: from.text(),
        action: from.perhapsText<Action>(),
      } satisfies SentLine;
    case 'issued':
      return { line: kind, ownerId: from.text(), operation: from.text() };
    case undefined:
      throw new TypeError('a journal has no line of that kind');
    default:
      return { line: 'record', record: takeRecord(kind, from) };
  }
}

function takeRecord(
  type: Exclude<(typeof KINDS)[number], 'whole' | 'sent' | 'issued'>,
  from: PortionReader,
): HistoryRecord {
  switch (type) {
    case 'invoke':
      return takeInvoke(from);
    case 'enter':
      return {
        type,
        ...takeAct(from),
        client: from.text(),
        incarnation: from.number(),
        operation: from.text(),
        key: from.text(),
        mode: from.text<Mode>(),
        fencingToken: from.perhapsNumber(),
      } satisfies EnterRecord;
    case 'step':
      return {
        type,
        ...takeAct(from),
        client: from.text(),
        access: from.perhapsText<'read' | 'write'>(),
        cell: from.perhapsText(),
      } satisfies StepRecord;
    case 'exit':
      return { type, ...takeAct(from), client: from.text(), completed: from.flag()! };
    case 'validity':
      return { type, ...takeAct(from), validForMs: from.number() };
    case 'release-sent':
      return { type, atUs: from.number(), grant: from.number() };
    default:
      return takeComplete(type, from);
  }
}

function takeAct(from: PortionReader): { atUs: number; calledAtUs: number; grant: CallId } {
  return { atUs: from.number(), calledAtUs: from.number(), grant: from.number() };
}

function takeInvoke(from: PortionReader): InvokeRecord {
  return {
    type: 'invoke',
    atUs: from.number(),
    call: from.number(),
    client: from.text(),
    incarnation: from.number(),
    operation: from.text(),
    action: from.text<Action>(),
    key: from.text(),
    mode: from.text<Mode>(),
    ttlMs: from.perhapsNumber(),
    waitMs: unlessUnlimited(from.perhapsNumber()),
    grant: from.perhapsNumber(),
  };
}

function takeComplete(type: CompleteRecord['type'], from: PortionReader): CompleteRecord {
  return {
    type,
    atUs: from.number(),
    call: from.number(),
    client: from.text(),
    operation: from.text(),
    action: from.text<Action>(),
    ownerId: from.perhapsText(),
    fencingToken: from.perhapsNumber(),
    push: from.flag(),
    pull: from.flag(),
    reason: from.perhapsText(),
  };
}

function unlessUnlimited(waitMs: number | undefined): number | null | undefined {
  return waitMs === NO_LIMIT ? null : waitMs;
}
