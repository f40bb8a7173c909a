/**
 * Why a call ended as it did, as people read it. The text is the lock's, and part of a record and
 * so of the digest: it stays there as it is, and what a subtraction of clocks left of a time is
 * rounded where it is shown, to the microsecond. A long one is cut.
 */

/** A server's own words may be a paragraph: so many of their characters say which it is. */
const LONGEST = 90;

/** A time in milliseconds with more decimals than a microsecond has. */
const TOO_FINE = /-?\d+\.\d{4,}(?= ?ms\b)/g;

/** The reason that a record tells, if it has one: `no reply within 5000 ms`. */
export function reasonOf({ reason }: { readonly reason?: string | undefined }): string | undefined {
  const shown = reason?.replace(TOO_FINE, (ms) => String(Math.round(Number(ms) * 1_000) / 1_000));
  if (shown === undefined || shown.length <= LONGEST) return shown;
  return `${shown.slice(0, shown.lastIndexOf(' ', LONGEST)).replace(/\W+$/, '')} …`;
}
