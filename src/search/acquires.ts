/**
 * How the acquires of a campaign ended, as long as none of them got the lock: then nothing that the
 * other goals count was about the lock, and the reader must know why (docs/semantics.md, R13).
 */
import type { HistoryRecord } from '../history.js';
import { reasonOf } from '../story/reasons.js';

/** Different reasons that are counted; what each run words anew need not be kept. */
const REASONS_KEPT = 100;

export class Acquires {
  private granted = false;
  private asked = 0;
  private readonly reasons = new Map<string, number>();

  add(records: readonly HistoryRecord[]): void {
    for (const record of this.granted ? [] : records) {
      if (!('action' in record) || record.action !== 'acquire') continue;
      if (record.type === 'invoke') this.asked++;
      else if (record.type === 'ok') this.granted = true;
      else this.count(reasonOf(record) ?? '');
    }
  }

  private count(reason: string): void {
    const known = this.reasons.get(reason);
    if (known === undefined && this.reasons.size === REASONS_KEPT) return;
    this.reasons.set(reason, (known ?? 0) + 1);
  }

  /** Why nothing was reached, if no acquire of the campaign got the lock. */
  get complaint(): string | undefined {
    const { asked } = this;
    if (this.granted) return undefined;
    if (asked === 0) return 'nobody asked for the lock';
    let [most, count] = ['', 0];
    for (const [reason, times] of this.reasons) if (times > count) [most, count] = [reason, times];
    if (count === 0) return `none of ${asked} acquires got the lock, and none ended`;
    const how = most === '' ? 'were refused without a reason' : `ended with "${most}"`;
    return `none of ${asked} acquires got the lock; ${count} ${how}`;
  }
}
