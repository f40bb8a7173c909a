/** Functions of values, time, sequences, settings and sessions. */
import { notModelled, PostgresError } from '../errors.js';
import type { Execution } from '../execution.js';
import { Interval, roundHalfEven } from '../types/interval.js';
import * as numeric from '../types/numeric.js';
import type { Type } from '../types/type.js';
import { checkInt4, Numeric, type Value } from '../types/value.js';
import { effect, type FunctionTable, fn, type SqlFunction, waiting } from './function.js';
import { hashText, hashTextExtended } from './hash.js';

const SECOND_US = 1_000_000;

function makeInterval(args: readonly Value[]): Interval {
  const [years, months, weeks, days, hours, minutes, seconds] = args as readonly number[];
  const us = (hours! * 60 + minutes!) * 60 * SECOND_US + Math.round(seconds! * SECOND_US);
  return new Interval(years! * 12 + months!, weeks! * 7 + days!, us);
}

function zoned(zone: string): void {
  if (!/^(utc|gmt|z|etc\/utc)$/i.test(zone)) throw notModelled(`time zone '${zone}'`);
}

/** date_trunc, down to units that have one length. */
function truncate(unit: string, atUs: number): number {
  const sizes: Readonly<Record<string, number>> = {
    microseconds: 1,
    milliseconds: 1000,
    second: SECOND_US,
    minute: 60 * SECOND_US,
    hour: 3600 * SECOND_US,
    day: 86_400 * SECOND_US,
  };
  const size = sizes[unit.toLowerCase()];
  if (size === undefined) throw notModelled(`date_trunc('${unit}')`);
  return Number.isFinite(atUs) ? Math.floor(atUs / size) * size : atUs;
}

const TIME: FunctionTable = {
  now: [fn([], 'timestamptz', ({ transaction }) => transaction.startUs)],
  transaction_timestamp: [fn([], 'timestamptz', ({ transaction }) => transaction.startUs)],
  statement_timestamp: [fn([], 'timestamptz', ({ statementUs }) => statementUs)],
  clock_timestamp: [effect([], 'timestamptz', ({ engine }) => engine.port.wallUs())],
  make_interval: [
    fn(['int4', 'int4', 'int4', 'int4', 'int4', 'int4', 'float8'], 'interval', (_execution, args) =>
      makeInterval(args),
    ),
  ],
  to_timestamp: [
    fn(['float8'], 'timestamptz', (_execution, [seconds]) =>
      Math.round((seconds as number) * SECOND_US),
    ),
  ],
  timezone: [
    fn(['text', 'timestamptz'], 'timestamp', (_execution, [zone, atUs]) => {
      zoned(zone as string);
      return atUs!;
    }),
    fn(['text', 'timestamp'], 'timestamptz', (_execution, [zone, atUs]) => {
      zoned(zone as string);
      return atUs!;
    }),
  ],
  date_trunc: [
    fn(['text', 'timestamptz'], 'timestamptz', (_execution, [unit, atUs]) =>
      truncate(unit as string, atUs as number),
    ),
    fn(['text', 'timestamp'], 'timestamp', (_execution, [unit, atUs]) =>
      truncate(unit as string, atUs as number),
    ),
  ],
  pg_sleep: [
    waiting(['float8'], ({ engine, session }, [seconds]) =>
      engine.startSleep(session, Math.round((seconds as number) * SECOND_US)),
    ),
  ],
};

function rounding(direction: 'floor' | 'ceil'): readonly SqlFunction[] {
  const round = direction === 'floor' ? Math.floor : Math.ceil;
  return [
    fn(['float8'], 'float8', (_execution, [value]) => round(value as number)),
    fn(['numeric'], 'numeric', (_execution, [value]) =>
      numeric.toward(value as Numeric, direction),
    ),
  ];
}

const NUMBERS: FunctionTable = {
  abs: [
    fn(['int4'], 'int4', (_execution, [value]) => checkInt4(Math.abs(value as number))),
    fn(['int8'], 'int8', (_execution, [value]) =>
      (value as bigint) < 0n ? -(value as bigint) : value!,
    ),
    fn(['float8'], 'float8', (_execution, [value]) => Math.abs(value as number)),
    fn(['numeric'], 'numeric', (_execution, [value]) => {
      const { digits, scale } = value as Numeric;
      return new Numeric(digits < 0n ? -digits : digits, scale);
    }),
  ],
  floor: rounding('floor'),
  ceil: rounding('ceil'),
  ceiling: rounding('ceil'),
  round: [
    fn(
      ['numeric'],
      'numeric',
      (_execution, [value]) => new Numeric(numeric.toInteger(value as Numeric), 0),
    ),
    fn(['float8'], 'float8', (_execution, [value]) => roundHalfEven(value as number)),
  ],
  hashtext: [fn(['text'], 'int4', (_execution, [text]) => hashText(text as string))],
  hashtextextended: [
    fn(['text', 'int8'], 'int8', (_execution, [text, seed]) =>
      hashTextExtended(text as string, seed as bigint),
    ),
  ],
};

const TEXTS: FunctionTable = {
  lower: [fn(['text'], 'text', (_execution, [text]) => (text as string).toLowerCase())],
  upper: [fn(['text'], 'text', (_execution, [text]) => (text as string).toUpperCase())],
  length: [fn(['text'], 'int4', (_execution, [text]) => [...(text as string)].length)],
  char_length: [fn(['text'], 'int4', (_execution, [text]) => [...(text as string)].length)],
};

function lastValue(execution: Execution, name: string): bigint {
  const sequence = execution.engine.sequence(execution.transaction, name);
  const value = execution.session.currentValues.get(sequence);
  if (value !== undefined) return value;
  throw new PostgresError(
    '55000',
    `currval of sequence "${sequence.definition.name}" is not yet defined in this session`,
  );
}

const SEQUENCES: FunctionTable = {
  nextval: [
    effect(['text'], 'int8', (execution, [name]) =>
      execution.engine.nextValue(
        execution.session,
        execution.engine.sequence(execution.transaction, name as string),
      ),
    ),
  ],
  currval: [fn(['text'], 'int8', (execution, [name]) => lastValue(execution, name as string))],
  lastval: [
    fn([], 'int8', ({ session }) => {
      const { last } = session;
      if (last !== undefined) return session.currentValues.get(last)!;
      throw new PostgresError('55000', 'lastval is not yet defined in this session');
    }),
  ],
  setval: [
    effect(['text', 'int8'], 'int8', (execution, [name, value]) =>
      setValue(execution, name as string, value as bigint, true),
    ),
    effect(['text', 'int8', 'bool'], 'int8', (execution, [name, value, called]) =>
      setValue(execution, name as string, value as bigint, called as boolean),
    ),
  ],
};

function setValue(execution: Execution, name: string, value: bigint, called: boolean): bigint {
  const { engine, transaction, session } = execution;
  const sequence = engine.sequence(transaction, name);
  engine.writeSequence(session, sequence, () => sequence.set(value, called));
  if (called) session.currentValues.set(sequence, value);
  return value;
}

const optional = (types: readonly Type[], call: SqlFunction['call']): SqlFunction => ({
  ...fn(types, 'text', call),
  strict: false,
});

const SESSION: FunctionTable = {
  current_setting: [
    fn(['text'], 'text', ({ session }, [name]) => session.settings.show(name as string)),
    fn(['text', 'bool'], 'text', ({ session }, [name, missing]) => {
      const text = session.settings.text((name as string).toLowerCase());
      return text === undefined && missing === true ? null : session.settings.show(name as string);
    }),
  ],
  set_config: [
    optional(['text', 'text', 'bool'], (execution, [name, value, local]) =>
      execution.once(() => {
        const { settings } = execution.session;
        settings.set(name as string, (value ?? undefined) as string | undefined, local === true);
        return settings.show(name as string);
      }),
    ),
  ],
  pg_backend_pid: [fn([], 'int4', ({ session }) => session.processId)],
  pg_notify: [
    effect(['text', 'text'], 'void', ({ transaction }, [channel, payload]) => {
      transaction.notifications.push({ channel: channel as string, payload: payload as string });
      return '';
    }),
  ],
  pg_terminate_backend: [
    effect(['int4'], 'bool', ({ engine }, [processId]) => engine.terminate(processId as number)),
  ],
  pg_cancel_backend: [
    effect(['int4'], 'bool', ({ engine }, [processId]) => engine.cancel(processId as number)),
  ],
};

export const SCALAR: FunctionTable = { ...TIME, ...NUMBERS, ...TEXTS, ...SEQUENCES, ...SESSION };
