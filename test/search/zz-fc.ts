import { FAULT_CLASSES } from '../../src/fault.js';
import { runKey } from '../../src/random.js';
import { shrink } from '../../src/search/shrink.js';
import { classesOf } from '../../src/search/campaign.js';
import { planFor } from '../sim/runs.js';
import { PREY } from './fault-class-locks.js';
import { CAMPAIGN_KEY, portFor, search } from './port.js';
for (const { faultClass, lock, alsoBy, plan: more } of PREY) {
  if (process.argv[2] && faultClass !== process.argv[2]) continue;
  const on = FAULT_CLASSES.filter((n) => !alsoBy.includes(n));
  const plan = { ...planFor(lock), persistence: 'always' as const, sectionMsMax: 30_000, ...more, faultClasses: on };
  let t = performance.now();
  const first = await search(lock, plan, 1000);
  const v = [...first.violations].sort((a, b) => a.size - b.size)[0];
  let line = `${faultClass}: found ${v?.run} (${first.violations.map((x) => x.count)}, ${v?.scenario.faults.length} faults) of ${first.runs} in ${(performance.now() - t).toFixed(0)} ms ${first.limits.size} ${JSON.stringify(first.findings.slice(0, 2))}`;
  if (v) {
    t = performance.now();
    const port = portFor(lock);
    const s = await shrink(runKey(CAMPAIGN_KEY, v.run), v.scenario, v.verdict, port);
    line += ` | shrunk ${classesOf(s.scenario)} tries ${s.tries} faults ${s.scenario.faults.length} clients ${s.scenario.clients.length} over ${s.overrides.length} ${(performance.now() - t).toFixed(0)} ms ${s.verdict.class}`;
  }
  t = performance.now();
  const off = await search(lock, { ...plan, faultClasses: on.filter((n) => n !== faultClass) }, 1000, { bail: true });
  line += ` | off: ${off.violations.length} in ${off.runs} ${(performance.now() - t).toFixed(0)} ms`;
  if (off.violations[0]) { const v = off.violations[0]; const s = await shrink(runKey(CAMPAIGN_KEY, v.run), v.scenario, v.verdict, portFor(lock)); line += ` by ${JSON.stringify(s.scenario.faults)} ${s.verdict.class} ${s.verdict.cause}`; }
  console.log(line);
}
