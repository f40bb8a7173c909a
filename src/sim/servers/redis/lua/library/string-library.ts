/**
 * The library `string` (manual, §5.4).
 */
import { cString } from '../runtime/number.js';
import { call, index, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import { isTruthy, type LuaFunction, type LuaValue, NOTHING, typeName } from '../runtime/value.js';
import { checkFunction, checkInt, checkInteger, checkString, optional } from './arguments.js';
import { format } from './format.js';
import { Matcher } from './pattern.js';

const SPECIALS = /[\^$*+?.([%-]/;

/** A position counted from the end if negative; never below 0. */
function absolute(position: number, length: number): number {
  return Math.max(0, position < 0 ? position + length + 1 : position);
}

const byte: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  const first = absolute(optional(args, 2, run, checkInteger, 1), text.length);
  const last = absolute(optional(args, 3, run, checkInteger, first), text.length);
  const codes: number[] = [];
  const end = Math.min(last, text.length);
  run.charge(Math.max(0, end - first));
  for (let i = Math.max(first, 1); i <= end; i++) codes.push(text.charCodeAt(i - 1));
  return codes;
};

const char: LuaFunction = (args, run) => {
  let bytes = '';
  for (let i = 1; i <= args.length; i++) {
    const code = checkInt(args, i, run);
    if (code < 0 || code > 255) run.failArgument(i, 'invalid value');
    if (code > 127) run.hasBytes = true;
    bytes += String.fromCharCode(code);
  }
  return [bytes];
};

const dump: LuaFunction = (args, run) => {
  checkFunction(args, 1, run);
  return run.unsupported('string.dump');
};

const find: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  const pattern = checkString(args, 2, run);
  if (!isTruthy(args[3]) && SPECIALS.test(cString(pattern))) return search(args, run, true);
  const start = searchStart(args, run, text);
  const at = text.indexOf(pattern, start);
  return at < 0 ? [undefined] : [at + 1, at + pattern.length];
};

const match: LuaFunction = (args, run) => search(args, run, false);

function searchStart(args: readonly LuaValue[], run: Run, text: string): number {
  const position = absolute(optional(args, 3, run, checkInteger, 1), text.length);
  return Math.min(Math.max(position - 1, 0), text.length);
}

function search(args: readonly LuaValue[], run: Run, isFind: boolean): readonly LuaValue[] {
  const text = checkString(args, 1, run);
  const pattern = cString(checkString(args, 2, run));
  const isAnchored = pattern.startsWith('^');
  const matcher = new Matcher(run, text, isAnchored ? pattern.slice(1) : pattern);
  const first = searchStart(args, run, text);
  const last = isAnchored ? first : text.length;
  for (let start = first; start <= last; start++) {
    const end = matcher.matchAt(start);
    if (end < 0) continue;
    return isFind ? [start + 1, end, ...matcher.explicitCaptures()] : matcher.captures(start, end);
  }
  return [undefined];
}

const gmatch: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  const pattern = cString(checkString(args, 2, run));
  let at = 0;
  return [
    (_, run) => {
      const matcher = new Matcher(run, text, pattern);
      for (let start = at; start <= text.length; start++) {
        const end = matcher.matchAt(start);
        if (end < 0) continue;
        at = end === start ? end + 1 : end;
        return matcher.captures(start, end);
      }
      return NOTHING;
    },
  ];
};

const gfind = gmatch;

const gsub: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  const pattern = cString(checkString(args, 2, run));
  const isAnchored = pattern.startsWith('^');
  const limit = optional(args, 4, run, checkInt, text.length + 1);
  const replace = replacer(args[2], run);
  const matcher = new Matcher(run, text, isAnchored ? pattern.slice(1) : pattern);
  let result = '';
  let at = 0;
  let count = 0;
  while (count < limit) {
    const end = matcher.matchAt(at);
    if (end >= 0) {
      count += 1;
      result += replace(matcher, text, at, end);
      run.chargeString(result.length);
    }
    if (end > at) at = end;
    else if (at < text.length) result += text.charAt(at++);
    else break;
    if (isAnchored) break;
  }
  return [result + text.slice(at), count];
};

type Replace = (matcher: Matcher, text: string, start: number, end: number) => string;

/** What `gsub` puts in place of a match, by the type of its third argument. */
function replacer(replacement: LuaValue, run: Run): Replace {
  const template = toText(replacement);
  if (template !== undefined) return (...match) => expandTemplate(template, ...match);
  if (typeof replacement === 'function') {
    return (matcher, text, start, end) => {
      const [value] = call(run, undefined, replacement, matcher.captures(start, end));
      return replacementText(value, run, text, start, end);
    };
  }
  if (replacement instanceof LuaTable) {
    return (matcher, text, start, end) => {
      const value = index(run, undefined, replacement, matcher.capture(0, start, end));
      return replacementText(value, run, text, start, end);
    };
  }
  return run.failArgument(3, 'string/function/table expected');
}

function replacementText(
  value: LuaValue,
  run: Run,
  text: string,
  start: number,
  end: number,
): string {
  if (!isTruthy(value)) return text.slice(start, end);
  return toText(value) ?? run.fail(`invalid replacement value (a ${typeName(value)})`);
}

function expandTemplate(
  template: string,
  matcher: Matcher,
  text: string,
  start: number,
  end: number,
): string {
  if (!template.includes('%')) return template;
  let result = '';
  for (let i = 0; i < template.length; i++) {
    if (template.charAt(i) !== '%') {
      result += template.charAt(i);
      continue;
    }
    i += 1;
    const next = template.charAt(i);
    if (next === '0') result += text.slice(start, end);
    else if (next >= '1' && next <= '9')
      result += toText(matcher.capture(Number(next) - 1, start, end));
    // A lone % at the end takes the zero byte that ends every C string.
    else result += next === '' ? '\0' : next;
  }
  return result;
}

const len: LuaFunction = (args, run) => [checkString(args, 1, run).length];

const lower: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  return [text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())];
};

const upper: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  return [text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())];
};

const rep: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  const count = Math.max(0, checkInt(args, 2, run));
  run.chargeString(text.length * count);
  return [text.repeat(count)];
};

const reverse: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  run.charge(text.length);
  let reversed = '';
  for (let i = text.length - 1; i >= 0; i--) reversed += text.charAt(i);
  return [reversed];
};

const sub: LuaFunction = (args, run) => {
  const text = checkString(args, 1, run);
  const first = absolute(checkInteger(args, 2, run), text.length);
  const last = absolute(optional(args, 3, run, checkInteger, -1), text.length);
  return [text.slice(Math.max(first, 1) - 1, last)];
};

export const STRING: Readonly<Record<string, LuaFunction>> = {
  byte,
  char,
  dump,
  find,
  format,
  gfind,
  gmatch,
  gsub,
  len,
  lower,
  match,
  rep,
  reverse,
  sub,
  upper,
};
