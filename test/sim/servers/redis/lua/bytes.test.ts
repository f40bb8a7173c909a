/**
 * Text and bytes: what goes in comes out, whatever it is.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  fromBytes,
  isAscii,
  mayHaveBytes,
  toBytes,
} from '../../../../../src/sim/servers/redis/lua/bytes.js';
import { evaluate } from './evaluate.js';

const latin1 = (bytes: Uint8Array) => Array.from(bytes, (b) => String.fromCharCode(b)).join('');
const anyBytes = fc.uint8Array({ maxLength: 40 }).map(latin1);
const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('bytes', () => {
  test.prop([anyText])('of text are its UTF-8', (text) => {
    expect(toBytes(text)).toBe(latin1(new TextEncoder().encode(text)));
  });

  test.prop([anyText])('of text give the text back', (text) => {
    expect(fromBytes(toBytes(text))).toBe(text);
  });

  test.prop([anyBytes])('that are no text survive the way out and in', (bytes) => {
    expect(toBytes(fromBytes(bytes))).toBe(bytes);
  });

  it.each([
    ['a byte alone', '\xff', '\udcff'],
    ['a sequence cut short', '\xe2\x82', '\udce2\udc82'],
    ['a sequence longer than it need be', '\xc0\xaf', '\udcc0\udcaf'],
    ['a surrogate', '\xed\xa0\x80', '\udced\udca0\udc80'],
    ['a code point too large', '\xf4\x90\x80\x80', '\udcf4\udc90\udc80\udc80'],
    ['text on both sides', 'a\xffé'.replace('é', '\xc3\xa9'), 'a\udcffé'],
  ])('%s is no text', (_, bytes, text) => {
    expect(fromBytes(bytes)).toBe(text);
  });

  it('of a lone surrogate are those of the replacement character', () => {
    expect(toBytes('\ud800')).toBe('\xef\xbf\xbd');
  });

  test.prop([fc.string({ unit: 'binary-ascii' })])('of ASCII are the text itself', (text) => {
    expect(isAscii(text)).toBe(true);
    expect(toBytes(text)).toBe(text);
  });

  it('may come from escapes', () => {
    expect([mayHaveBytes('return "x"'), mayHaveBytes('return "\\200"')]).toEqual([false, true]);
  });

  test.prop([anyText, anyText])('pass through a script', (key, value) => {
    const script =
      "redis.call('set', KEYS[1], ARGV[1]) return {KEYS[1], redis.call('get', KEYS[1])}";
    expect(evaluate(script, [key], [value])).toEqual([key, value]);
  });

  test.prop([anyText])('are what a script counts', (text) => {
    expect(evaluate('return #ARGV[1]', [], [text])).toBe(new TextEncoder().encode(text).length);
  });

  it.each([
    ['string.char', 'return string.char(0xc3, 0xa9)'],
    ['escapes', "return '\\195\\169'"],
    ['string.format', "return ('%c%c'):format(195, 169)"],
    ['cjson.decode', 'return cjson.decode(\'"\\\\u00e9"\')'],
    ['cmsgpack', "return cmsgpack.unpack(cmsgpack.pack('\\195\\169'))"],
    ['struct.pack', "return struct.pack('BB', 195, 169)"],
    ['loadstring', 'return loadstring("return \'" .. "\\\\" .. "195" .. "\\\\" .. "169\'")()'],
    ['a reply', "return redis.call('echo', string.char(195) .. string.char(169))"],
  ])('made by %s come out as text', (_, script) => {
    expect(evaluate(script)).toBe('é');
  });
});
