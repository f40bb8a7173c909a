/**
 * Times, counts and lists in words: the same in a narrative, a story row, a timeline and a report.
 * Integer arithmetic only, so that the same run reads the same everywhere.
 */

const US_PER_S = 1_000_000;
const US_PER_MS = 1_000;

/**
 * An instant of a run, or how long something took, to the microsecond: `0 ms`, `0.5 ms`, `999 ms`,
 * `10.000 s`, `10.0005 s`. From a second on there are at least three decimals, so that neighbouring
 * rows compare at a glance.
 */
export function instant(us: number): string {
  if (us < 0) return `−${instant(-us)}`;
  if (us === Infinity) return 'for ever';
  if (us < US_PER_S) return `${decimal(us, US_PER_MS, 0)} ms`;
  return `${decimal(us, US_PER_S, 3)} s`;
}

/** A length somebody chose, without trailing zeros: `10 s`, `1.5 s`, `500 ms`. */
export function span(us: number): string {
  return us < US_PER_S ? instant(us) : `${decimal(us, US_PER_S, 0)} s`;
}

/** `us / unitUs` as a decimal number with at least so many decimals and no further zeros. */
function decimal(us: number, unitUs: number, leastDecimals: number): string {
  const whole = Math.floor(us / unitUs);
  const digits = String(unitUs).length - 1;
  let fraction = String(Math.floor(us % unitUs)).padStart(digits, '0');
  while (fraction.length > leastDecimals && fraction.endsWith('0'))
    fraction = fraction.slice(0, -1);
  return fraction === '' ? String(whole) : `${whole}.${fraction}`;
}

/** How long a lease was asked for: `10 s`, or that it has no end, or lasts as long as a session. */
export function term(termUs: number | string): string {
  if (typeof termUs === 'number') return span(termUs);
  return termUs === 'session' ? 'as long as its session' : 'without an end';
}

/** `1,284`. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 fault`, `2 faults`; `many` for words that take more than an s. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** `1st`, `2nd`, `3rd`, `7th`, `11th`. */
export function ordinal(n: number): string {
  const tens = n % 100;
  const ones = tens >= 11 && tens <= 13 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][ones] ?? 'th'}`;
}

/** `r1`, `r1 and r2`, `r1, r2 and r3`. */
export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** Parts per million as people say it: `500 ppm`, `5 %`. */
export function rate(ppm: number): string {
  const size = Math.abs(ppm);
  return size >= 10_000 && size % 1_000 === 0 ? `${size / 10_000} %` : `${size} ppm`;
}

/** The first letter of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
