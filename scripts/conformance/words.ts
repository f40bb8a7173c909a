/** Divergences in words, for the terminal. */
import type { Divergence } from './arm.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const COMMAND_COLUMNS = 90;

/** The letter of a connection, as commands are printed. */
export const letterOf = (connection: number): string => LETTERS[connection]!;

/** A divergence as a person reads it: the commands, and the answers of both at the last one. */
export function describeDivergence(service: string, divergence: Divergence): string {
  const { steps, real, simulated, seed, shrinks } = divergence;
  const longest = Math.max(...steps.map(({ command }) => command.length));
  const width = Math.min(longest, COMMAND_COLUMNS);
  const before = steps
    .slice(0, -1)
    .map(({ command, answer }) => `  ${command.padEnd(width)}  ${answer}`);
  return [
    `${service}: the simulated server differs from the real one at the last of these`,
    ...before,
    `  ${steps.at(-1)!.command}`,
    `      real       ${real}`,
    `      simulated  ${simulated}`,
    `  (made smaller ${shrinks} times by fast-check, seed ${seed})`,
  ].join('\n');
}
