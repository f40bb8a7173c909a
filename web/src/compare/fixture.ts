/**
 * What a run on real servers will look like beside a simulated one. Until there are such runs this
 * stands in for one, made from the other side and marked as what it is: its times have bounds, its
 * badge and its title say that it is no real run.
 */
import type { TraceFile } from '../../../src/timeline/format.js';

/** How exactly a real run would know when something happened. */
const BOUND_US = 200;

export function fixtureOf(file: TraceFile): TraceFile {
  const { replay: _replay, ...meta } = file.meta;
  const bounds = file.ev.dt.map(() => BOUND_US);
  return {
    ...file,
    meta: {
      ...meta,
      title: `fixture, no real run: ${meta.title}`,
      source: 'real',
      truth: 'bounded',
      environment: { fixture: 'made from a simulated run' },
    },
    ev: { ...file.ev, before: bounds, after: bounds },
  };
}
