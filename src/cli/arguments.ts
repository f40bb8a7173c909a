/**
 * What stands on the command line, taken apart: durations with their unit, whole numbers, names of
 * a list. Whoever got something wrong reads one sentence that names the option, the value and what
 * it takes.
 */
import { FAULT_CLASSES, type FaultClass } from '../fault.js';
import { UsageError } from '../host/engine-api.js';
import { nearest } from '../nearest.js';
import { count, list } from '../story/words.js';

/** The most runs of a campaign; also what `--time` alone stands for. */
export const RUNS_MAX = 10_000_000;
const SEED_MAX = 4_294_967_295;

const UNITS_US: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
};
const DURATION = /^(\d+(?:\.\d+)?)(us|ms|s|m)$/;

/** Milliseconds of a duration such as `10s`, `500ms`, `1.5m`; a bare number is refused. */
export function durationMs(option: string, text: string): number {
  const match = DURATION.exec(text.trim());
  if (match === null) {
    throw new UsageError(
      `${option} takes a duration with its unit (us, ms, s or m), such as 10s; it got ` +
        `${quoted(text)}`,
    );
  }
  const us = Number(match[1]) * UNITS_US[match[2]!]!;
  return Math.round(us) / 1_000;
}

/** A duration of whole milliseconds, at least one. */
export function wholeMs(option: string, text: string, least: number): number {
  const ms = durationMs(option, text);
  if (Number.isInteger(ms) && ms >= least) return ms;
  throw new UsageError(
    `${option} takes whole milliseconds from ${least}ms on; it got ${quoted(text)}`,
  );
}

export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(
    `${option} takes a whole number from ${count(min)} to ${count(max)}; it got ${quoted(text)}`,
  );
}

export function seedOf(text: string): number {
  return wholeNumber('--seed', text, 0, SEED_MAX);
}

/** `pause,delay`: fault classes by name, each once. */
export function faultClassesOf(text: string): FaultClass[] {
  const names = text.split(',').map((name) => name.trim());
  const classes = names.map((name): FaultClass => {
    const found = FAULT_CLASSES.find((faultClass) => faultClass === name);
    if (found !== undefined) return found;
    throw new UsageError(
      `--faults: there is no fault class ${quoted(name)}; ${hint(name, FAULT_CLASSES)}`,
    );
  });
  return [...new Set(classes)];
}

/** `option=value`, several times. */
export function settingsOf(texts: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError(
        `--set takes option=value, such as driftFactor=0; it got ${quoted(text)}`,
      );
    }
    settings[text.slice(0, at).trim()] = text.slice(at + 1).trim();
  }
  return settings;
}

/** `did you mean …?`, or all there are. */
export function hint(word: string, names: readonly string[]): string {
  const close = nearest(word, names);
  const near = close.length > 0 ? close : names.filter((name) => name.includes(word));
  return near.length > 0 ? `did you mean ${list(near, 'or')}?` : `there are ${list(names)}`;
}

export function quoted(text: string): string {
  return JSON.stringify(text);
}
