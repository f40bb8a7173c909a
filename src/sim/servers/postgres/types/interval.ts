/**
 * Intervals: months, days and microseconds, as PostgreSQL keeps them, written and read with
 * `IntervalStyle = postgres`.
 */
import { notModelled, PostgresError } from '../errors.js';
import { addMonths, clockText, DAY_US, SECOND_US } from './timestamp.js';

export class Interval {
  constructor(
    readonly months: number,
    readonly days: number,
    readonly us: number,
  ) {}
}

const MONTH_DAYS = 30;

/** What comparisons go by: a month counts as 30 days, a day as 24 hours. */
export function spanUs({ months, days, us }: Interval): number {
  return (months * MONTH_DAYS + days) * DAY_US + us;
}

/** Seconds since 1970 as `extract(epoch …)` has them: a year of 365.25 days. In microseconds. */
export function epochUs({ months, days, us }: Interval): number {
  const years = Math.trunc(months / 12);
  return years * 365.25 * DAY_US + ((months % 12) * MONTH_DAYS + days) * DAY_US + us;
}

export function addInterval(atUs: number, { months, days, us }: Interval, sign: 1 | -1): number {
  return addMonths(atUs, sign * months) + sign * days * DAY_US + sign * us;
}

export const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
};

const clean = (value: number): number => (value === 0 ? 0 : value);

/** interval_mul: fractions of months spill into days, fractions of days into time. */
export function multiply(interval: Interval, factor: number): Interval {
  if (Number.isNaN(factor) || !Number.isFinite(factor)) {
    throw new PostgresError('22008', 'interval out of range');
  }
  const months = Math.trunc(interval.months * factor);
  const days = Math.trunc(interval.days * factor);
  const exactMonths = interval.months * factor;
  let monthDays = (exactMonths - months) * MONTH_DAYS;
  monthDays = roundHalfEven(monthDays * SECOND_US) / SECOND_US;
  let seconds = (interval.days * factor - days + monthDays - Math.trunc(monthDays)) * 86_400;
  seconds = roundHalfEven(seconds * SECOND_US) / SECOND_US;
  let spill = Math.trunc(monthDays);
  if (Math.abs(seconds) >= 86_400) {
    spill += Math.trunc(seconds / 86_400);
    seconds -= Math.trunc(seconds / 86_400) * 86_400;
  }
  const us = roundHalfEven(interval.us * factor + seconds * SECOND_US);
  return new Interval(clean(months), clean(days + spill), clean(us));
}

/** The difference of two instants: days and time, as timestamp_mi has it. */
export function between(a: number, b: number): Interval {
  if (!Number.isFinite(a) || !Number.isFinite(b)) {
    throw new PostgresError('22008', 'cannot subtract infinite timestamps');
  }
  const us = a - b;
  const days = Math.trunc(us / DAY_US);
  return new Interval(0, clean(days), clean(us - days * DAY_US));
}

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

export function intervalText({ months, days, us }: Interval): string {
  const parts: string[] = [];
  let before = false;
  const push = (count: number, unit: string): void => {
    if (count === 0) return;
    parts.push(`${before && count > 0 ? '+' : ''}${plural(count, unit)}`);
    before = count < 0;
  };
  push(Math.trunc(months / 12), 'year');
  push(months % 12, 'mon');
  push(days, 'day');
  if (us !== 0 || parts.length === 0) {
    const sign = us < 0 ? '-' : before ? '+' : '';
    parts.push(`${sign}${clockText(Math.abs(us))}`);
  }
  return parts.join(' ');
}

/** Units by name: months, days or microseconds of one. */
const UNITS: ReadonlyMap<string, readonly [field: 'months' | 'days' | 'us', size: number]> =
  new Map([
    ...alike('us', 1, 'us usec usecs microsecond microseconds microsecon'),
    ...alike('us', 1000, 'ms msec msecs millisecond milliseconds millisecon'),
    ...alike('us', SECOND_US, 's sec secs second seconds'),
    ...alike('us', 60 * SECOND_US, 'm min mins minute minutes'),
    ...alike('us', 3600 * SECOND_US, 'h hr hrs hour hours'),
    ...alike('days', 1, 'd day days'),
    ...alike('days', 7, 'w week weeks'),
    ...alike('months', 1, 'mon mons month months'),
    ...alike('months', 12, 'y yr yrs year years'),
  ]);

function alike(
  field: 'months' | 'days' | 'us',
  size: number,
  names: string,
): [string, readonly ['months' | 'days' | 'us', number]][] {
  return names.split(' ').map((name) => [name, [field, size] as const]);
}

const CLOCK = String.raw`([+-]?)(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?`;
const COUNT = String.raw`([+-]?\s*(?:\d+(?:\.\d*)?|\.\d+))\s*([a-z]*)`;
const PIECE = new RegExp(String.raw`\s*(?:${CLOCK}|${COUNT})`, 'iy');

export function parseInterval(text: string): Interval {
  const invalid = () =>
    new PostgresError('22007', `invalid input syntax for type interval: "${text}"`);
  if (/^\s*p\d/i.test(text)) throw notModelled(`interval '${text}'`);
  const total = { months: 0, days: 0, us: 0 };
  const body = text.trim().replace(/\s+ago$/i, '');
  const sign = body.length === text.trim().length ? 1 : -1;
  PIECE.lastIndex = 0;
  let at = 0;
  while (at < body.length) {
    const match = PIECE.exec(body);
    if (match === null) throw invalid();
    at = PIECE.lastIndex;
    const [, clockSign, hours, minutes, seconds, number, unit] = match;
    if (hours !== undefined) {
      const us =
        (Number(hours) * 60 + Number(minutes)) * 60 * SECOND_US +
        Math.round(Number(seconds ?? 0) * SECOND_US);
      total.us += clockSign === '-' ? -us : us;
      continue;
    }
    addPiece(total, Number(number!.replace(/\s/g, '')), unit!.toLowerCase(), invalid);
  }
  if (body.length === 0) throw invalid();
  return new Interval(clean(sign * total.months), clean(sign * total.days), clean(sign * total.us));
}

function addPiece(
  total: { months: number; days: number; us: number },
  count: number,
  unit: string,
  invalid: () => Error,
): void {
  const known = UNITS.get(unit === '' ? 's' : unit);
  if (known === undefined) throw invalid();
  const [field, size] = known;
  if (field === 'us') total.us += Math.round(count * size);
  else if (field === 'days') {
    const days = count * size;
    total.days += Math.trunc(days);
    total.us += Math.round((days - Math.trunc(days)) * DAY_US);
  } else {
    const months = count * size;
    total.months += Math.trunc(months);
    const days = (months - Math.trunc(months)) * MONTH_DAYS;
    total.days += Math.trunc(days);
    total.us += Math.round((days - Math.trunc(days)) * DAY_US);
  }
}
