/** What a client process says arrives in order, and before anybody can rely on it. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientJob, ClientLine } from '../../../src/real/client/job.js';
import { Journal, linesOf } from '../../../src/real/client/journal.js';
import { RealHost, RealProcess } from '../../../src/real/client/real-process.js';
import { EditedDecisions } from '../../../src/sim/decisions.js';

const issued = (ownerId: string): ClientLine => ({ line: 'issued', ownerId, operation: 'A1' });

let folder: string;
let fd: number;
let journal: Journal;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-journal-'));
  fd = openSync(path.join(folder, 'journal'), 'w');
  journal = new Journal(fd);
});

afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** What has been written, as its reader takes it: one part for each write. */
function written(): readonly (readonly ClientLine[])[] {
  const texts = readFileSync(path.join(folder, 'journal'), 'utf8').split('\n');
  return texts.filter((text) => text !== '').map(linesOf);
}

describe('the journal of a client process', () => {
  it('writes what is said in a turn of the event loop at its end, at once and in order', async () => {
    journal.say(issued('a'));
    await Promise.resolve();
    journal.say(issued('b'));
    expect(written()).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written()).toEqual([[issued('a'), issued('b')]]);
    journal.say(issued('c'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written()).toEqual([[issued('a'), issued('b')], [issued('c')]]);
  });

  it('has written what was said when it is flushed, and says nothing twice', async () => {
    journal.say(issued('a'));
    journal.flush();
    expect(written()).toEqual([[issued('a')]]);
    journal.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(written()).toEqual([[issued('a')]]);
  });

  it('has told of a request, and of all before it, when that may leave', () => {
    const host = new RealHost('A', 0, new EditedDecisions([0, 0, 0, 0], []), 0n, journal);
    const clock = { wallOffsetUs: 0, ratePpm: 0 };
    const job = { incarnation: 1, faults: [] } as unknown as ClientJob;
    const process = new RealProcess(host, job, clock, journal);
    process.issued('a');
    process.sends('r1', 'GET k');
    const said = written().flat();
    expect(said.map(({ line }) => line)).toEqual(['issued', 'sent']);
    expect(said[1]).toMatchObject({ server: 'r1', text: 'GET k' });
  });
});
