/** What is shown of a text from outside: a terminal would obey control characters. */
import { expect, test } from 'vitest';
import { printable } from '../src/printable.js';

test.each([
  ['plain, with “quotes” and ms', 'plain, with “quotes” and ms'],
  ['a line\nand\tanother', 'a line\nand\tanother'],
  ['\x1b[31mred\x07', '\\u001b[31mred\\u0007'],
  ['\x89PNG\r\x1a\0\x7f', '\\u0089PNG\\u000d\\u001a\\u0000\\u007f'],
])('%j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
