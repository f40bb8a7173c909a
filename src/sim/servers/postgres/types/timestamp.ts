/**
 * Timestamps: microseconds since 1970 in UTC, the only time zone here; ±Infinity is `infinity`.
 * Text as PostgreSQL writes and reads it with `DateStyle = ISO`.
 */
import { notModelled, PostgresError } from '../errors.js';

export const SECOND_US = 1_000_000;
export const DAY_US = 86_400 * SECOND_US;

/** Days since 1970 of a day in the Gregorian calendar (Hinnant, "chrono-compatible dates"). */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilOf(days: number): CivilDay {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

export function daysInMonth(year: number, month: number): number {
  return daysOf(month === 12 ? year + 1 : year, (month % 12) + 1, 1) - daysOf(year, month, 1);
}

/** Adds months; a day that the month does not have becomes its last. */
export function addMonths(atUs: number, months: number): number {
  if (months === 0 || !Number.isFinite(atUs)) return atUs;
  const days = Math.floor(atUs / DAY_US);
  const { year, month, day } = civilOf(days);
  const total = year * 12 + month - 1 + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  const newDay = Math.min(day, daysInMonth(newYear, newMonth));
  return daysOf(newYear, newMonth, newDay) * DAY_US + (atUs - days * DAY_US);
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** `hh:mm:ss` and a fraction without the zeros at its end. */
export function clockText(us: number): string {
  const seconds = Math.floor(us / SECOND_US);
  const fraction = us - seconds * SECOND_US;
  const tail = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
  const hours = Math.floor(seconds / 3600);
  return `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${tail}`;
}

/** The day that was last written, and its text: instants of a run are of few days. */
const written = { days: Number.NaN, text: '' };

function dayText(days: number): string {
  if (days !== written.days) {
    const { year, month, day } = civilOf(days);
    written.text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
    written.days = days;
  }
  return written.text;
}

export function timestampText(atUs: number, zone: boolean): string {
  if (!Number.isFinite(atUs)) return atUs > 0 ? 'infinity' : '-infinity';
  const days = Math.floor(atUs / DAY_US);
  return `${dayText(days)} ${clockText(atUs - days * DAY_US)}${zone ? '+00' : ''}`;
}

const DATE = String.raw`(\d{4,6})-(\d{1,2})-(\d{1,2})`;
const CLOCK = String.raw`[T\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?`;
const ZONE = String.raw`Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?`;
const PATTERN = new RegExp(String.raw`^\s*${DATE}(?:${CLOCK})?\s*(${ZONE})?\s*$`, 'i');

function offsetUs(zone: string | undefined): number {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60 * SECOND_US;
}

/** Reads a timestamp; of a type without time zone the zone in the text says nothing. */
export function parseTimestamp(text: string, zone: boolean, typeName: string): number {
  const word = text.trim().toLowerCase();
  if (word === 'infinity') return Number.POSITIVE_INFINITY;
  if (word === '-infinity') return Number.NEGATIVE_INFINITY;
  if (word === 'epoch') return 0;
  if (/^(now|today|tomorrow|yesterday)$/.test(word)) throw notModelled(`timestamp '${word}'`);
  const match = PATTERN.exec(text);
  if (match === null) {
    // A text without any digit cannot be a date; of others there are more ways than modelled.
    if (/\d/.test(text)) throw notModelled(`timestamp '${text}'`);
    throw new PostgresError('22007', `invalid input syntax for type ${typeName}: "${text}"`);
  }
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const inRange =
    month! >= 1 &&
    month! <= 12 &&
    day! >= 1 &&
    day! <= daysInMonth(year!, month!) &&
    minute! < 60 &&
    second! <= 60 &&
    hour! <= 24;
  if (!inRange) {
    throw new PostgresError('22008', `date/time field value out of range: "${text}"`);
  }
  const fraction = Number((match[7] ?? '').padEnd(6, '0'));
  const clock = ((hour! * 60 + minute!) * 60 + second!) * SECOND_US + fraction;
  return daysOf(year!, month!, day!) * DAY_US + clock - (zone ? offsetUs(match[8]) : 0);
}
