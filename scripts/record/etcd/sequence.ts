/**
 * The language sequences are written in: requests one after the other on connection a, unless they
 * are said to be on another one, with waits and events between them.
 */
import type { EtcdRequest } from '../../../src/sim/servers/etcd/messages.js';
import type { Event } from './format.js';

export type Step =
  | {
      readonly type: 'request';
      readonly connection: number;
      readonly request: EtcdRequest;
      /** Whether the answer does not come at once. */
      readonly waits: boolean;
    }
  | { readonly type: 'wait'; readonly durationMs: number }
  | { readonly type: 'close'; readonly connection: number }
  | { readonly type: 'event'; readonly event: Event };

export interface Sequence {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Steps as they are written: a request alone is one on connection a that is answered at once. */
export type Written = Step | EtcdRequest;

const numberOf = (letter: string): number => letter.charCodeAt(0) - 'a'.charCodeAt(0);

const isStep = (written: Written): written is Step =>
  ['request', 'wait', 'close', 'event'].includes(written.type);

export const on = (letter: string, request: EtcdRequest): Step => ({
  type: 'request',
  connection: numberOf(letter),
  request,
  waits: false,
});

/** A request whose answer comes later, or never. */
export const waiting = (letter: string, request: EtcdRequest): Step => ({
  type: 'request',
  connection: numberOf(letter),
  request,
  waits: true,
});

export const wait = (durationMs: number): Step => ({ type: 'wait', durationMs });
export const close = (letter: string): Step => ({ type: 'close', connection: numberOf(letter) });
export const event = (name: Event): Step => ({ type: 'event', event: name });

export function sequence(name: string, ...written: readonly Written[]): Sequence {
  return { name, steps: written.map((step) => (isStep(step) ? step : on('a', step))) };
}
