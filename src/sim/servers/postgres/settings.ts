/**
 * Configuration parameters that sessions look at or set, and how a transaction gives them back: SET
 * is undone by a rollback, SET LOCAL by any end (PostgreSQL documentation, SET).
 */
import { notModelled, PostgresError } from './errors.js';

const DURATION_MAX = 2_147_483_647;

/** Durations, in milliseconds, with their defaults. */
const DURATIONS: ReadonlyMap<string, number> = new Map([
  ['lock_timeout', 0],
  ['statement_timeout', 0],
  ['deadlock_timeout', 1000],
  ['idle_in_transaction_session_timeout', 0],
  ['idle_session_timeout', 0],
]);

/** Texts: the default, and what else is taken; `undefined`: anything. */
const TEXTS: ReadonlyMap<string, readonly [initial: string, others: RegExp | undefined]> = new Map([
  ['application_name', ['', undefined]],
  ['client_encoding', ['UTF8', /^utf-?8$/i]],
  ['client_min_messages', ['notice', /^(notice|warning|error)$/]],
  ['datestyle', ['ISO, MDY', /^iso(, mdy)?$/i]],
  ['default_transaction_isolation', ['read committed', /^read committed$/]],
  ['extra_float_digits', ['1', /^[0-3]$/]],
  ['intervalstyle', ['postgres', /^postgres$/]],
  ['search_path', ['"$user", public', /^("?\$user"?, )?public$/]],
  ['standard_conforming_strings', ['on', /^on$/]],
  ['synchronous_commit', ['on', /^(on|off|local|remote_write|remote_apply)$/]],
  ['timezone', ['UTC', /^(utc|gmt|etc\/utc)$/i]],
]);

const UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** As SHOW writes it: in the largest unit in which it is whole. */
function durationText(ms: number): string {
  if (ms === 0) return '0';
  let shown = `${ms}ms`;
  for (const [unit, size] of UNITS) {
    if (size > 1 && ms % size === 0) shown = `${ms / size}${unit}`;
  }
  return shown;
}

function parseDuration(name: string, text: string): number {
  const match = /^\s*([+-]?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const size = match === null ? undefined : UNITS.get(match[2] === '' ? 'ms' : match[2]!);
  if (match === null || size === undefined) {
    throw new PostgresError('22023', `invalid value for parameter "${name}": "${text}"`);
  }
  const ms = Math.round(Number(match[1]) * size);
  const min = name === 'deadlock_timeout' ? 1 : 0;
  if (ms >= min && ms <= DURATION_MAX) return ms;
  throw new PostgresError(
    '22023',
    `${ms} ms is outside the valid range for parameter "${name}" (${min} .. ${DURATION_MAX})`,
  );
}

const UNKNOWN = (name: string): PostgresError =>
  new PostgresError('42704', `unrecognized configuration parameter "${name}"`);

export type SettingValue = string | number;

/** What a savepoint keeps of them. */
export interface SettingsState {
  readonly effective: ReadonlyMap<string, SettingValue>;
  readonly after: ReadonlyMap<string, SettingValue>;
}

export class Settings {
  private effective: Map<string, SettingValue> = new Map();
  /** What parameters set in this transaction were before it, and will be after its commit. */
  private before: ReadonlyMap<string, SettingValue> | undefined;
  private after: Map<string, SettingValue> = new Map();

  constructor(private readonly synchronousCommit: boolean) {}

  private initial(name: string): SettingValue | undefined {
    if (name === 'synchronous_commit') return this.synchronousCommit ? 'on' : 'off';
    return DURATIONS.get(name) ?? TEXTS.get(name)?.[0];
  }

  durationMs(name: string): number {
    return (this.effective.get(name) ?? DURATIONS.get(name)) as number;
  }

  text(name: string): string | undefined {
    if (name === 'transaction_isolation') return 'read committed';
    const value = this.effective.get(name) ?? this.initial(name);
    return typeof value === 'number' ? durationText(value) : value;
  }

  show(name: string): string {
    const text = this.text(name.toLowerCase());
    if (text === undefined) throw UNKNOWN(name);
    return text;
  }

  /** Sets a parameter for the session, or `local`ly; undefined: to its default. */
  set(name: string, text: string | undefined, local: boolean): void {
    const key = name.toLowerCase();
    const value = this.valueOf(key, text);
    this.before ??= new Map(this.effective);
    if (!local) this.after.set(key, value);
    else if (!this.after.has(key)) {
      this.after.set(key, this.effective.get(key) ?? this.initial(key) ?? '');
    }
    this.effective.set(key, value);
  }

  private valueOf(name: string, text: string | undefined): SettingValue {
    const initial = this.initial(name);
    if (text === undefined && initial !== undefined) return initial;
    if (DURATIONS.has(name)) return parseDuration(name, text!);
    const known = TEXTS.get(name);
    if (known === undefined) {
      if (name.includes('.')) return text ?? '';
      if (/^(work_mem|jit|enable_\w+|row_security|default_transaction_\w+)$/.test(name)) {
        throw notModelled(`parameter ${name}`);
      }
      throw UNKNOWN(name);
    }
    if (known[1] !== undefined && !known[1].test(text!)) {
      throw notModelled(`${name} = ${text}`);
    }
    return text!;
  }

  resetAll(): void {
    for (const name of this.effective.keys()) {
      if (this.initial(name) !== undefined) this.set(name, undefined, false);
    }
  }

  commit(): void {
    if (this.before === undefined) return;
    for (const [name, value] of this.after) this.effective.set(name, value);
    this.finish();
  }

  rollback(): void {
    if (this.before === undefined) return;
    this.effective = new Map(this.before);
    this.finish();
  }

  private finish(): void {
    this.before = undefined;
    this.after = new Map();
  }

  save(): SettingsState {
    return { effective: new Map(this.effective), after: new Map(this.after) };
  }

  restore(state: SettingsState): void {
    this.effective = new Map(state.effective);
    this.after = new Map(state.after);
  }
}
