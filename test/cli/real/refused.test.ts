/** What `holdfast real` refuses, and how it says so. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { classic, workIn } from './command.js';

const { folder, real } = workIn();

/** Each of these commands is refused as wrong usage, with these words. */
async function areWrong(commands: readonly (readonly [string[], string])[]): Promise<void> {
  const ended = await Promise.all(commands.map(([argv]) => real(...argv)));
  ended.forEach(({ code, err }, index) => {
    expect(err).toContain(commands[index]![1]);
    expect(code).toBe(64);
  });
}

test('what is no replay code, or breaks something else, is said', async () => {
  const { replay } = classic('blind-del');
  writeFileSync(path.join(folder, 'half'), replay.slice(0, 60));
  await areWrong([
    [['replay', 'half'], 'is damaged or cut short'],
    [['replay', 'nowhere'], 'nowhere is no replay code'],
    [['replay', replay, '--property', 'leek'], 'no property "leek"; did you mean leak'],
    [['replay', replay, '--property', 'fairness'], 'does not break fairness'],
    // Before anything is played.
    [['replay', 'half', '--trace', 'no/such.json'], '--trace: no/such.json cannot be written'],
    [['play'], 'real has no command play'],
  ]);
});

test('what cannot be run or made is refused', async () => {
  await areWrong([
    [['soak', 'set-nx', '--faults', 'failover'], 'does not make failover; it makes pause,'],
    [['soak', 'set-nx', '--time', '3'], '--time'],
    [['check', 'no-such-lock'], 'there is no lock no-such-lock'],
    [['check', 'set-nx', '--set', 'retries=5'], 'retries'],
    [['check', 'beeorm-locker'], 'sends nothing to a server with a TTL of 2 s'],
    [['soak', 'beeorm-locker'], 'end with "the wait must not be longer than the TTL"; --ttl'],
  ]);
});
