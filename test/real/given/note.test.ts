/** What is written down of marks in use, for a tool that is killed. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { abandonedMarks, forgetMark, noteMark, placeOf } from '../../../src/real/given/note.js';
import { parseAddresses } from '../../../src/real/servers/address.js';
import { stateFolder } from '../../../src/real/servers/state.js';

const DEAD = { pid: 1, startedAt: 'never', boot: 'another' };
const written: string[] = [];
afterEach(() => {
  for (const file of written.splice(0)) rmSync(file, { force: true });
});

function fileOf(mark: string): string {
  const file = path.join(stateFolder(), `${mark}.mark`);
  written.push(file);
  return file;
}

function write(mark: string, note: object): void {
  writeFileSync(fileOf(mark), JSON.stringify({ mark, owner: DEAD, ...note }));
}

describe('notes of marks', () => {
  it('say what stands before the mark, as long as it is anywhere', () => {
    const places = ['etcd a 1 ', 'zookeeper b 2 '];
    write('hf-0000dead', { places, before: ['/locks/'] });
    const left = () => abandonedMarks().find(({ mark }) => mark === 'hf-0000dead');
    forgetMark('hf-0000dead', places.slice(0, 1));
    expect(left()).toMatchObject({ places: places.slice(1), before: ['/locks/'] });
    forgetMark('hf-0000dead', places);
    expect(left()).toBeUndefined();
  });

  it.each([
    ['', { places: ['etcd a 1 '], before: ['/locks/'] }],
    ['hf-', { places: ['etcd a 1 '] }],
    ['hf-0001dead', { places: 'etcd a 1 ' }],
    ['hf-0002dead', { places: [1] }],
    ['hf-0003dead', { places: ['etcd a 1 '], before: [''.length] }],
  ])('are nothing to go by unless they are whole: %j %j', (mark, note) => {
    write(mark, note);
    expect(abandonedMarks().map((one) => one.mark)).not.toContain(mark);
  });

  it('of a tool that is there are nobody else’s', () => {
    const mark = 'hf-0004dead';
    const file = fileOf(mark);
    noteMark(mark, parseAddresses('etcd', 'http://127.0.0.1:2379'), new Set(['/locks/']));
    expect(existsSync(file)).toBe(true);
    expect(abandonedMarks().map((one) => one.mark)).not.toContain(mark);
    forgetMark(mark);
    expect(existsSync(file)).toBe(false);
  });

  it('name a server by where it is', () => {
    const [address] = parseAddresses('etcd', 'http://127.0.0.1:2379');
    expect(placeOf(address!)).toBe('etcd 127.0.0.1 2379 ');
  });
});
