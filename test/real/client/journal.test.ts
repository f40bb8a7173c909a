/** What a client process says arrives in order, and before anybody can rely on it. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientJob, ClientLine } from '../../../src/real/client/job.js';
import { Journal, JournalReader } from '../../../src/real/client/journal.js';
import { RealHost, RealProcess } from '../../../src/real/client/real-process.js';
import { EditedDecisions } from '../../../src/sim/decisions.js';

const issued = (ownerId: string): ClientLine => ({ line: 'issued', ownerId, operation: 'A1' });

let folder: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-journal-'));
  fd = openSync(path.join(folder, 'journal'), 'w');
});

afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** What has been written, as its reader takes it. */
function heard(): readonly ClientLine[] {
  return heardOf(readFileSync(path.join(folder, 'journal')));
}

/** `atOnce`: how many bytes of it the pipe gives at a time. */
function heardOf(bytes: Buffer, atOnce = bytes.length): readonly ClientLine[] {
  const lines: ClientLine[] = [];
  const reader = new JournalReader((line) => lines.push(line));
  for (let at = 0; at < bytes.length; at += atOnce) reader.read(bytes.subarray(at, at + atOnce));
  return lines;
}

describe('a journal that somebody goes by', () => {
  it('writes what is said in a turn of the event loop at its end, in order', async () => {
    const journal = new Journal(fd, true);
    journal.say(issued('a'));
    await Promise.resolve();
    journal.say(issued('b'));
    expect(heard()).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard()).toEqual([issued('a'), issued('b')]);
    journal.say(issued('c'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard()).toEqual([issued('a'), issued('b'), issued('c')]);
  });

  it('has written what was said when it is flushed, and says nothing twice', async () => {
    const journal = new Journal(fd, true);
    journal.say(issued('a'));
    journal.flush();
    expect(heard()).toEqual([issued('a')]);
    journal.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard()).toEqual([issued('a')]);
  });

  it('is read up to the portion that its process was killed in', () => {
    const journal = new Journal(fd, true);
    journal.say(issued('a'));
    journal.flush();
    journal.say(issued('b'));
    journal.flush();
    const bytes = readFileSync(path.join(folder, 'journal'));
    expect(heardOf(bytes)).toEqual([issued('a'), issued('b')]);
    expect(heardOf(bytes.subarray(0, -1))).toEqual([issued('a')]);
    expect(heardOf(bytes.subarray(0, 5))).toEqual([]);
  });

  it('is read in whatever pieces it comes', () => {
    const journal = new Journal(fd, true);
    const said = ['a', 'é\u0000', '漢字'].map(issued);
    for (const line of said) {
      journal.say(line);
      journal.flush();
    }
    const bytes = readFileSync(path.join(folder, 'journal'));
    for (const atOnce of [1, 2, 3, 7, 8, 64]) expect(heardOf(bytes, atOnce)).toEqual(said);
  });

  it('has told of a request, and of all before it, when that may leave', () => {
    requestOf(new Journal(fd, true));
    const said = heard();
    expect(said.map((line) => line.line)).toEqual(['issued', 'sent']);
    expect(said[1]).toMatchObject({ server: 'r1', text: 'GET k' });
  });
});

describe('a journal that nobody waits for', () => {
  it('is written after a while', async () => {
    requestOf(new Journal(fd, false));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard()).toEqual([]);
    while (heard().length === 0) await pause(5);
    expect(heard().map((line) => line.line)).toEqual(['issued', 'sent']);
  });

  it('is written when there is much of it', () => {
    const journal = new Journal(fd, false);
    const said = Array.from({ length: 300 }, (_none, index) => issued(`é${index}`));
    for (const line of said) journal.say(line);
    expect(heard()).toEqual(said.slice(0, heard().length));
    expect(heard().length).toBeGreaterThan(200);
    journal.flush();
    expect(heard()).toEqual(said);
  });
});

function requestOf(journal: Journal): void {
  const host = new RealHost('A', 0, new EditedDecisions([0, 0, 0, 0], []), 0n, journal);
  const clock = { wallOffsetUs: 0, ratePpm: 0 };
  const job = { incarnation: 1, faults: [] } as unknown as ClientJob;
  const process = new RealProcess(host, job, clock, journal);
  process.issued('a');
  process.sends('r1', 'GET k');
}
