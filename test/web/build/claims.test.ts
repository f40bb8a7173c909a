/** The locks of the page are the built-in ones without their claims; nothing else is missing. */
import { parseAst } from 'vite';
import { expect, it } from 'vitest';
import { withoutClaims } from '../../../web/build/claims.js';

type Transform = (this: unknown, code: string, id: string) => { code: string } | string | undefined;

function transformed(code: string, name: string): string {
  const { transform } = withoutClaims();
  const answer = (transform as Transform).call(
    { parse: parseAst },
    code,
    `/src/algorithms/${name}`,
  );
  return typeof answer === 'object' ? answer.code : (answer ?? code);
}

const LOCK = `import { LEAK } from './claims.js';
const claims = 1;
export default defineLock({ name: 'a', claims: { leak: LEAK, x: { claims } }, create() {} });`;

it('empties the claims of a lock and nothing else', () => {
  expect(transformed(LOCK, 'a.ts')).toBe(`import { LEAK } from './claims.js';
const claims = 1;
export default defineLock({ name: 'a', claims: {}, create() {} });`);
});

it('empties those of every lock of a module', () => {
  const two = 'const a = defineLock({ claims: { b: 1 } }); const c = defineLock({ claims: d });';
  expect(transformed(two, 'two.ts')).toBe(
    'const a = defineLock({ claims: {} }); const c = defineLock({ claims: {} });',
  );
});

it('leaves modules alone that define no lock', () => {
  expect(transformed('export const claims = { a: 1 };', 'b.ts')).toBe(
    'export const claims = { a: 1 };',
  );
});
