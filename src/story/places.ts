/**
 * Where in the code under test a row of a story was caused: at the record itself, or at the request
 * that a record stands for — the one that made a lease, or that a call, a release, a write sent
 * first.
 */
import type { HistoryRecord } from '../history.js';
import type { TraceMessage } from '../trace.js';
import type { Tale } from './narrative/tale.js';

export function placeOfRecord({ trace, index }: Tale, record: number): string | undefined {
  const known = trace.places[record];
  const one = index.records[record];
  if (known !== undefined || one === undefined) return known;
  return trace.messages.find((message) => isRequestOf(one, message))?.place;
}

function isRequestOf(record: HistoryRecord, message: TraceMessage): boolean {
  switch (record.type) {
    case 'lease':
      return (
        message.from === record.host &&
        message.to === record.server &&
        message.sentAtUs === record.sentAtUs
      );
    case 'invoke':
      return (
        message.from === record.client &&
        message.sentAtUs >= record.atUs &&
        message.place !== undefined
      );
    default:
      return false;
  }
}
