/**
 * The generator of `math.random`, against numbers drawn by redis-server 7.0.15 just after it
 * started and by scripts that seed it.
 */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.js';

describe('math.random', () => {
  it('draws what a server draws that has just started', () => {
    expect(evaluate("return tostring(math.random()) .. ' ' .. math.random(100)")).toBe(
      '0.39646477363839 85',
    );
  });

  it.each([
    [
      '42',
      'math.random(100), math.random(100), tostring(math.random())',
      [75, 35, '0.11108528222474'],
    ],
    ['-7', 'math.random(1000000), math.random(-5, 5)', [75212, 3]],
  ])('draws by the seed %s', (seed, draws, drawn) => {
    expect(evaluate(`math.randomseed(${seed}) return {${draws}}`)).toEqual(drawn);
  });

  it('stays in its interval and reaches both ends', () => {
    const script = `local low, high = math.huge, -math.huge
for i = 1, 2000 do
  local n = math.random(3, 6)
  low, high = math.min(low, n), math.max(high, n)
end
return {low, high}`;
    expect(evaluate(script)).toEqual([3, 6]);
  });
});
