/**
 * Replay codes: a run as text that works on another machine. The code holds the scenario, the
 * decisions that are not the default and the digest the run must have; a check sum tells a code
 * that was cut short from one of another version (docs/semantics.md, R6).
 */

import { hashString } from '../digest.js';
import { type Decision, PURPOSES, type SeedKey } from '../random.js';
import type { Scenario } from '../scenario.js';
import { ENGINE_VERSION } from '../sim/engine-version.js';

/** Everything that a run depends on. */
export interface RunPlan {
  readonly scenario: Scenario;
  readonly key: SeedKey;
  /** Absent: the key decides everything, as in the campaign's run. */
  readonly overrides?: readonly Decision[];
}

/** Everything in a replay code: a run, and the digest it must have. */
export interface ReplayPlan extends RunPlan {
  readonly digest: string;
}

/** Bytes in, bytes out: the host's deflate and its opposite. */
export interface Compression {
  deflate(bytes: Uint8Array): Uint8Array;
  inflate(bytes: Uint8Array): Uint8Array;
}

/** A code that cannot be used; the message says why and what to do. */
export class ReplayCodeError extends Error {
  override readonly name = 'ReplayCodeError';
}

const PREFIX = `hf${ENGINE_VERSION}_`;
const CHECK_LENGTH = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function encodeReplay(plan: ReplayPlan, compression: Compression): string {
  return toCode(compression.deflate(packPlan(plan)));
}

/** What `toCode` wants compressed, for hosts whose compression is asynchronous. */
export function packPlan(plan: ReplayPlan): Uint8Array {
  const { scenario, key, digest } = plan;
  const overrides = plan.overrides?.map(({ subject, purpose, operation, ordinal, n, value }) => [
    subject,
    purpose,
    operation,
    ordinal,
    n,
    value,
  ]);
  const text = JSON.stringify([scenario, key, overrides ?? null, digest], withoutPlain);
  return new TextEncoder().encode(text);
}

/** The code that holds a packed and deflated plan. */
export function toCode(deflated: Uint8Array): string {
  const body = toBase64(deflated);
  return PREFIX + checkOf(body) + body;
}

/** What most operations are goes without saying: codes stay short. */
const PLAIN = { mode: 'exclusive', nested: false } as const;

function withoutPlain(name: string, value: unknown): unknown {
  return (name === 'mode' || name === 'nested') && value === PLAIN[name] ? undefined : value;
}

function withPlain(scenario: Scenario): Scenario {
  const clients = scenario.clients.map(({ id, operations }) => {
    return { id, operations: operations.map((operation) => ({ ...PLAIN, ...operation })) };
  });
  return { ...scenario, clients };
}

export function decodeReplay(code: string, compression: Compression): ReplayPlan {
  const deflated = fromCode(code);
  try {
    return unpackPlan(compression.inflate(deflated));
  } catch (error) {
    throw asCodeError(error, code);
  }
}

/**
 * The packed and deflated plan in a code.
 *
 * @throws {ReplayCodeError} if it is damaged, or of another engine.
 */
export function fromCode(code: string): Uint8Array {
  const trimmed = code.trim();
  const version = /^hf(\d+)_/.exec(trimmed)?.[1];
  if (version === undefined) {
    throw new ReplayCodeError(`replay code ${start(trimmed)} does not begin with ${PREFIX}`);
  }
  if (Number(version) !== ENGINE_VERSION) {
    throw new ReplayCodeError(
      `replay code ${start(trimmed)} is of engine version ${version}; this is version ` +
        `${ENGINE_VERSION}, which would run it differently`,
    );
  }
  const check = trimmed.slice(PREFIX.length, PREFIX.length + CHECK_LENGTH);
  const body = trimmed.slice(PREFIX.length + CHECK_LENGTH);
  if (checkOf(body) !== check) {
    throw new ReplayCodeError(
      `replay code ${start(trimmed)} is damaged or cut short (${trimmed.length} characters): ` +
        'copy it again, whole',
    );
  }
  return fromBase64(body);
}

/** What inflating or unpacking threw, as an error of the code. */
export function asCodeError(error: unknown, code: string): ReplayCodeError {
  if (error instanceof ReplayCodeError) return error;
  return new ReplayCodeError(
    `replay code ${start(code.trim())} holds no run: copy it again, whole`,
  );
}

/** The opposite of `packPlan`; throws if the bytes hold no plan. */
export function unpackPlan(packed: Uint8Array): ReplayPlan {
  const [written, key, entries, digest] = JSON.parse(new TextDecoder().decode(packed)) as [
    Scenario,
    SeedKey,
    [number, number, number, number, number, number][] | null,
    string,
  ];
  const scenario = withPlain(written);
  if (entries === null) return { scenario, key, digest };
  const overrides = entries.map(([subject, purpose, operation, ordinal, n, value]) => {
    if (PURPOSES[purpose] === undefined) {
      throw new ReplayCodeError(`replay code names decision purpose ${purpose}, which is unknown`);
    }
    return { subject, purpose, operation, ordinal, n, value };
  });
  return { scenario, key, overrides, digest };
}

function start(code: string): string {
  return code.length > 16 ? `${code.slice(0, 16)}…` : JSON.stringify(code);
}

function checkOf(body: string): string {
  let bits = hashString(body) >>> 0;
  let text = '';
  for (let index = 0; index < CHECK_LENGTH; index++) {
    text += ALPHABET[bits & 63];
    bits = Math.floor(bits / 64) + body.length * (index + 1);
  }
  return text;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a, b, c] = [bytes[index]!, bytes[index + 1], bytes[index + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    if (b !== undefined) text += ALPHABET[(bits >> 6) & 63]!;
    if (c !== undefined) text += ALPHABET[bits & 63]!;
  }
  return text;
}

function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const character of text) {
    bits = ((bits << 6) | ALPHABET.indexOf(character)) & 0xff_ffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 0xff;
  }
  return bytes;
}
