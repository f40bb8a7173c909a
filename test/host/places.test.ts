/** Findings name the place in the code under test, whatever they are about. */
import { expect, test } from 'vitest';
import type { Script } from '../sim/run.js';
import { findingsOf } from './observing.js';

const HERE = /^places\.test\.ts:\d+$/;

const MISTAKES: readonly (readonly [string, Script])[] = [
  [
    'threw',
    {
      A1: async (environment) => {
        await environment.sleep(1);
        (undefined as unknown as { x: () => void }).x();
      },
    },
  ],
  [
    'unhandled-rejection',
    {
      A1: async (environment) => {
        void Promise.reject(new Error('of nobody'));
        await environment.sleep(1);
      },
    },
  ],
  [
    'never-settles',
    {
      A1: async (environment) => {
        await environment.sleep(1);
        await new Promise(() => {});
      },
    },
  ],
  [
    'left-over-timers',
    {
      A1: (environment) => {
        const again = (): void => void environment.after(1_000, again);
        again();
      },
    },
  ],
];

test.each(MISTAKES)('D6 %s', async (kind, script) => {
  const found = (await findingsOf(script)).filter((one) => one.kind === kind);
  expect(found.length).toBeGreaterThan(0);
  for (const { place } of found) expect(place).toMatch(HERE);
});
