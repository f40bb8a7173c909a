/**
 * A cache beside its source: who only reads answers from the copy, and makes one if there is none;
 * who writes removes the copy before it changes the source. In this order a writer that dies
 * between the two leaves no copy, and no old one. What two holders at once come to is an old copy
 * that is put back after the source has changed (Nishtala et al. 2013, section 3.2.1, stale sets).
 */
import { lookAndRead, lookAndWrite } from './acts.js';
import { defineWorkload, type Section } from './workload.js';

const READS_OF_ALL = 2 / 3;

export const readMostlyCache = defineWorkload({
  name: 'read-mostly-cache',
  summary: 'mostly reads a copy, sometimes changes its source: no reader gets an old copy',
  invariants: [{ forbids: 'stale-read', cell: 'copy', source: 'source' }],
  async operation(client, plan) {
    const reads = client.random() < READS_OF_ALL;
    const shared = reads && client.sharesToo;
    const grant = await client.acquire(shared ? 'shared' : 'exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const act = shared ? look : reads ? read : change;
      return (await act(section, plan.sectionUs)) && section.holds();
    });
  },
});

/** Answers from the copy, or from the source: who shares the lock writes nothing. */
async function look(section: Section, workUs: number): Promise<boolean> {
  const copy = await lookAndRead(section, 'copy');
  if (copy === undefined) return false;
  await section.wait(workUs);
  return copy !== 0 || (await lookAndRead(section, 'source')) !== undefined;
}

/** Answers from the copy; makes one of the source if there is none. */
async function read(section: Section, workUs: number): Promise<boolean> {
  const copy = await lookAndRead(section, 'copy');
  if (copy === undefined) return false;
  const version = copy === 0 ? await versionOf(section) : copy;
  if (version === undefined) return false;
  await section.wait(workUs);
  if (copy === 0 && !(await lookAndWrite(section, version, 'copy'))) return false;
  return (await lookAndRead(section, 'copy')) !== undefined;
}

/** Changes the source, without leaving an old copy of it. */
async function change(section: Section, workUs: number): Promise<boolean> {
  const version = await versionOf(section);
  if (version === undefined) return false;
  await section.wait(workUs);
  return (
    (await lookAndWrite(section, 0, 'copy')) && (await lookAndWrite(section, version + 1, 'source'))
  );
}

/** The version of the source; whoever comes first makes one. */
async function versionOf(section: Section): Promise<number | undefined> {
  const version = await lookAndRead(section, 'source');
  if (version !== 0) return version;
  return (await lookAndWrite(section, 1, 'source')) ? 1 : undefined;
}
