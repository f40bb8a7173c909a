/**
 * SHA-1 against the vectors of FIPS 180 and against another implementation.
 */
import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { sha1 } from '../../../../../src/sim/servers/redis/lua/sha1.js';

describe('sha1', () => {
  it.each([
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    ],
    ['a'.repeat(1_000_000), '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
  ])('of a vector', (text, digest) => {
    expect(sha1(text)).toBe(digest);
  });

  test.prop([fc.uint8Array({ maxLength: 200 })])('of any bytes', (bytes) => {
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    expect(sha1(text)).toBe(createHash('sha1').update(bytes).digest('hex'));
  });
});
