/** The score says of each reply whether its client was there to hear it. */
import { expect, test } from 'vitest';
import type { LogEntry } from '../../../src/difference.js';
import { scoreOf } from '../../../src/real/replay/score.js';
import type { Trace, TraceMessage } from '../../../src/trace.js';

const reply = (index: number, lane: number, payload: string): LogEntry => ({
  entry: 'event',
  index,
  atUs: 500,
  kind: 'reply',
  host: 'A',
  peer: 'r1',
  lane,
  payload,
  fingerprint: '',
});

const message = (text: string, fate: TraceMessage['fate']): TraceMessage => ({
  from: 'r1',
  to: 'A',
  sentAtUs: 100,
  dueUs: 500,
  endedAtUs: 500,
  fate,
  text,
});

test('of two that come at one instant, each is the one with its text', () => {
  const messages = [message('["message"]', 'receiver-down'), message('OK', 'delivered')];
  const trace = { messages, scenario: { clients: [], faults: [] } } as unknown as Trace;
  const steps = scoreOf([reply(0, 2, 'OK'), reply(1, 4, '["message"]')], trace, 0);
  expect(steps).toMatchObject([
    { step: 'reply', connection: 1, text: 'OK', late: false },
    { step: 'reply', connection: 2, text: '["message"]', late: true },
  ]);
});
