/** What was chosen, in one sentence; loaded when something first is. */
import { instant } from '../../../src/story/words.js';
import type { TraceModel } from '../../../src/timeline/model.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import { wordsOf } from '../../../src/timeline/words.js';
import { instantOfRef } from './explore-state.js';

/** `13.300 s. A. its write leaves. Breaks mutual-exclusion.` */
export function sentence(
  model: TraceModel,
  ref: Ref | undefined,
  hiddenFromUs: number | undefined,
): string {
  if (ref === undefined) return 'Nothing is chosen.';
  const atUs = instantOfRef(model, ref) ?? 0;
  if (hiddenFromUs !== undefined && atUs > hiddenFromUs) return 'Hidden until you have predicted.';
  const parts = [instant(atUs), ...partsOf(model, ref, hiddenFromUs !== undefined)];
  return parts.map((part) => `${part}.`).join(' ');
}

function partsOf(model: TraceModel, ref: Ref, withoutVerdicts: boolean): string[] {
  const nameOf = (host: number) => model.hosts[host]?.id ?? 'world';
  if ('message' in ref) {
    const { from, to, fate, text } = model.messages[ref.message]!;
    return [`Message from ${nameOf(from)} to ${nameOf(to)}, ${fate}`, text];
  }
  if ('fault' in ref) {
    const { class: fault, hosts } = model.file.faults[ref.fault]!;
    return [`Fault: ${fault} of ${hosts.map(nameOf).join(' and ')}`];
  }
  const { violations } = model.file;
  if ('violation' in ref) return [`Breaks ${violations[ref.violation]!.property}`];
  const { row } = ref;
  const broken = violations.filter(({ witness }) => witness.includes(row));
  const verdict = withoutVerdicts || broken.length === 0 ? [] : [`Breaks ${listOf(broken)}`];
  return [nameOf(model.host[row]!), wordsOf(model, row), ...verdict];
}

function listOf(violations: readonly { readonly property: string }[]): string {
  return violations.map(({ property }) => property).join(', ');
}
