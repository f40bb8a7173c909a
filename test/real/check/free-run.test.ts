/** What passes a run that goes as it goes, and what becomes of it when its ways are struck. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FreeRun } from '../../../src/real/check/free-run.js';
import type { Frame } from '../../../src/real/proxy/framing.js';
import type { Tunnel } from '../../../src/real/proxy/tunnel.js';
import type { Stage } from '../../../src/real/stage/stage.js';

const frame = (text: string): Frame => ({ bytes: Buffer.from(text), text, body: [text] });
/** The turns of a server are promises that resolve at once here. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

class FakeTunnel {
  readonly client = 'A';
  readonly server = 'r1';
  readonly pooler = undefined;
  readonly isOrdered = true;
  clientOpen = true;
  serverOpen = true;
  readonly forwarded: string[] = [];
  readonly delivered: string[] = [];

  forward({ text }: Frame): void {
    this.forwarded.push(text);
  }

  deliver({ text }: Frame): void {
    this.delivered.push(text);
  }

  refusal(error: string) {
    return { reply: frame(error) };
  }

  closeClient(): void {
    this.clientOpen = false;
  }

  endServer(): void {
    this.serverOpen = false;
  }
}

let nowUs: number;
let free: FreeRun;
let fake: FakeTunnel;
let tunnel: Tunnel;

/** Its client says that a request leaves, and sends it. */
async function sends(text: string, operation = 'A1'): Promise<void> {
  const common = { line: 'sent', server: 'r1', action: 'acquire' } as const;
  free.said('A', { ...common, atUs: nowUs, text, operation });
  nowUs += 10;
  free.request(tunnel, frame(text));
  await turn();
}

beforeEach(() => {
  nowUs = 1_000;
  free = new FreeRun();
  fake = new FakeTunnel();
  tunnel = fake as unknown as Tunnel;
  const servers = new Map([['r1', { applied() {} }]]);
  const stage = { nowUs: () => nowUs, servers, begin() {} } as unknown as Stage;
  void free.play(stage, [], 1);
});

describe('R7 a run that goes as it goes', () => {
  it('notes of a request what its client said, and between when it was applied', async () => {
    await sends('GET k');
    nowUs += 5;
    free.reply(tunnel, frame('v'));
    const [entry] = free.heard().wire;
    expect(entry).toMatchObject({ text: 'GET k', operation: 'A1', action: 'acquire', reply: 'v' });
    expect(entry).toMatchObject({ sentAtUs: 1_000, earliestUs: 1_010, latestUs: 1_015 });
    expect(entry!.deliveredAtUs).toBe(1_015);
    expect(fake.delivered).toEqual(['v']);
  });

  it('takes what arrives late for that of the process that sent it', async () => {
    const mend = free.ways.part('A', 'r1');
    await sends('GET k');
    free.passing(tunnel, frame('PING'), 'to-server', () => {});
    free.voice('A').incarnation = 2;
    mend();
    await turn();
    free.reply(tunnel, frame('v'));
    fake = new FakeTunnel();
    tunnel = fake as unknown as Tunnel;
    await sends('GET l', 'A2');
    const sent = free.heard().wire.map(({ text, incarnation }) => [text, incarnation]);
    expect(sent.sort()).toEqual([
      ['GET k', 1],
      ['GET l', 2],
      ['PING', 1],
    ]);
  });

  it('loses a request: its server has nothing of it, and the next one is another', async () => {
    let struck = 0;
    free.ways.loseNext('A', 'r1', 'lost-request', () => struck++);
    await sends('GET k');
    expect(struck).toBe(1);
    expect(fake).toMatchObject({ forwarded: [], clientOpen: false, serverOpen: false });
    fake = new FakeTunnel();
    tunnel = fake as unknown as Tunnel;
    await sends('GET k', 'A2');
    expect(free.heard().wire.map(({ operation }) => operation)).toEqual(['A2']);
  });

  it('takes nothing that never arrived for what arrived later', async () => {
    // It left on a connection that was gone by then.
    const common = { line: 'sent', server: 'r1', action: 'release', text: 'DEL k' } as const;
    free.said('A', { ...common, atUs: nowUs, operation: 'A1' });
    await sends('DEL k', 'A2');
    expect(free.heard().wire.map(({ operation }) => operation)).toEqual(['A2']);
    expect(free.heard().wire[0]).toMatchObject({ sentAtUs: 1_000 });
  });

  it('knows requests of one text apart that left before the first arrived', async () => {
    const common = { line: 'sent', server: 'r1', action: 'acquire', text: 'GET k' } as const;
    free.said('A', { ...common, atUs: 1_000, operation: 'A1' });
    free.said('A', { ...common, atUs: 1_001, operation: 'A2' });
    nowUs = 1_010;
    free.request(tunnel, frame('GET k'));
    free.request(tunnel, frame('GET k'));
    await turn();
    free.reply(tunnel, frame('v'));
    await turn();
    // What is said after it arrived was not it.
    free.said('A', { ...common, atUs: 1_020, operation: 'A3' });
    const sent = free.heard().wire.map(({ operation, sentAtUs }) => [operation, sentAtUs]);
    expect(sent).toEqual([
      ['A1', 1_000],
      ['A2', 1_001],
    ]);
  });

  it('loses a reply: its server has applied the request, its client learns nothing', async () => {
    free.ways.loseNext('A', 'r1', 'lost-reply', () => {});
    await sends('GET k');
    free.reply(tunnel, frame('v'));
    expect(fake).toMatchObject({ forwarded: ['GET k'], delivered: [], clientOpen: false });
    const [entry] = free.heard().wire;
    expect(entry).toMatchObject({ reply: 'v', deliveredAtUs: undefined });
  });

  it('holds what crosses a partition both ways, and passes it on in order', async () => {
    await sends('GET k');
    const mend = free.ways.part('A', 'r1');
    free.reply(tunnel, frame('v'));
    await sends('GET l');
    await sends('GET m');
    expect(fake).toMatchObject({ forwarded: ['GET k'], delivered: [] });
    nowUs = 9_000;
    mend();
    await turn();
    expect(fake.delivered).toEqual(['v']);
    expect(fake.forwarded).toEqual(['GET k', 'GET l']);
    expect(free.heard().wire[0]).toMatchObject({ latestUs: 1_010, deliveredAtUs: 9_000 });
    free.reply(tunnel, frame('w'));
    await turn();
    expect(fake.forwarded).toEqual(['GET k', 'GET l', 'GET m']);
  });

  it('holds a request behind one of its connection that its server has not answered', async () => {
    await sends('WAIT 1 1500');
    await sends('GET k');
    expect(fake.forwarded).toEqual(['WAIT 1 1500']);
    // It blocks: another connection may go on, this one may not.
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(fake.forwarded).toEqual(['WAIT 1 1500']);
    nowUs = 90_000;
    free.reply(tunnel, frame('1'));
    await turn();
    expect(fake.forwarded).toEqual(['WAIT 1 1500', 'GET k']);
    expect(free.heard().wire[1]).toMatchObject({ text: 'GET k', earliestUs: 90_000 });
  });

  it('lets nothing overtake a request that cannot block, however long that takes', async () => {
    await sends('GET k');
    const first = fake;
    fake = new FakeTunnel();
    tunnel = fake as unknown as Tunnel;
    await sends('GET l');
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(fake.forwarded).toEqual([]);
    // The connection of the first is gone: no answer comes any more.
    free.dropped(first as unknown as Tunnel);
    await turn();
    expect(fake.forwarded).toEqual(['GET l']);
  });

  it('answers with an error in the place of a server', async () => {
    free.ways.errors.set('r1', 'LOADING');
    await sends('GET k');
    expect(fake).toMatchObject({ forwarded: [], delivered: ['LOADING'] });
    expect(free.heard().wire[0]).toMatchObject({ refused: 'LOADING', reply: 'LOADING' });
  });

  it('goes on at a server that something was done to in vain', async () => {
    const restart = free.inTurn('r1', () => Promise.reject(new Error('its port is taken')));
    await expect(restart).rejects.toThrow('its port is taken');
    await sends('GET k');
    expect(fake.forwarded).toEqual(['GET k']);
  });

  it('leaves out a request whose connection was gone before its turn', async () => {
    const over = free.inTurn('r1', () => new Promise((resolve) => setTimeout(resolve, 5)));
    await sends('GET k');
    fake.serverOpen = false;
    await over;
    await turn();
    expect(fake.forwarded).toEqual([]);
    expect(free.heard().wire).toEqual([]);
  });
});
