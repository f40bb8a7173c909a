/**
 * Compiling and running scripts: what a run is given, what it leaves behind (nothing), and how it
 * can end.
 */
import { describe, expect, it } from 'vitest';
import {
  compileScript,
  ScriptBudgetExceeded,
  ScriptError,
  ScriptUnsupported,
} from '../../../../../src/sim/servers/redis/lua/index.js';
import { evaluate, failure, mapHost, plain } from './evaluate.js';

const COMPARE_AND_DELETE = `if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('del', KEYS[1])
end
return 0`;

describe('compileScript', () => {
  it('names a script by the SHA-1 of its text', () => {
    expect(compileScript('return 1').sha1).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db');
  });

  it('compiles a text once', () => {
    expect(compileScript('return 1')).toBe(compileScript('return 1'));
  });

  it('forgets texts that were not asked for in a long time', () => {
    const first = compileScript('return "first"');
    for (let i = 0; i < 600; i++) compileScript(`return ${i}`);
    expect(compileScript('return "first"')).not.toBe(first);
  });

  it('throws what the server would reply', () => {
    const compile = () => compileScript('local x = \nreturn }');
    expect(compile).toThrow(ScriptError);
    const near = "user_script:2: unexpected symbol near 'return'";
    expect(compile).toThrow(`ERR Error compiling script (new function): ${near}`);
  });

  it('reads flags from the first line and keeps line numbers', () => {
    const script = compileScript('#!lua flags=no-writes,allow-stale\nerror("second line")');
    expect(script.flags).toEqual(['no-writes', 'allow-stale']);
    const reply = plain(script.run(mapHost(), [], []));
    expect(reply).toEqual({
      err: `ERR user_script:2: second line script: ${script.sha1}, on @user_script:2.`,
    });
  });
});

describe('run', () => {
  it('deletes a lock only for its owner', () => {
    const strings = new Map([['lock', 'a']]);
    const script = compileScript(COMPARE_AND_DELETE);
    expect(script.run(mapHost(strings), ['lock'], ['b'])).toBe(0);
    expect([...strings.keys()]).toEqual(['lock']);
    expect(script.run(mapHost(strings), ['lock'], ['a'])).toBe(1);
    expect([...strings.keys()]).toEqual([]);
  });

  it('works with several servers at once', () => {
    const first = new Map([['lock', 'a']]);
    const second = new Map([['lock', 'a']]);
    const script = compileScript(COMPARE_AND_DELETE);
    script.run(mapHost(first), ['lock'], ['a']);
    expect([first.size, second.size]).toEqual([0, 1]);
  });

  it('gives commands their arguments as text, numbers with all their digits', () => {
    const seen: (readonly string[])[] = [];
    const host = {
      call(args: readonly string[]) {
        seen.push([...args]);
        return 1;
      },
    };
    const script = "redis.call('zadd', KEYS[1], 1700000000 * 1000 + 123, 0.1, ARGV[1])";
    compileScript(script).run(host, ['k'], ['é']);
    expect(seen).toEqual([['zadd', 'k', '1700000000123', '0.10000000000000001', 'é']]);
  });

  it('hands the error of a host through as it is', () => {
    const broken = new Error('broken host');
    const host = {
      call(): never {
        throw broken;
      },
    };
    expect(() => compileScript("pcall(redis.call, 'get')").run(host, [], [])).toThrow(broken);
  });
});

describe('D1 no script influences another', () => {
  const influences = {
    'KEYS and ARGV': ["KEYS[1] = 'mine' ARGV.x = 'mine'", 'return {KEYS[1], tostring(ARGV.x)}'],
    'the settings of cjson': [
      "cjson.encode_number_precision(2) cjson.encode_invalid_numbers('null')",
      'return {cjson.encode(1/3), (select(2, pcall(cjson.encode, 1/0)))}',
    ],
    'the seed of math.random': ['math.randomseed(1)', 'return tostring(math.random())'],
    'the numbers math.random has drawn': ['math.random()', 'return tostring(math.random())'],
    'a library function': [
      "pcall(function() string.rep = nil end) pcall(rawset, string, 'rep', nil)",
      "return ('x'):rep(2)",
    ],
    'the metatable of strings': [
      "pcall(function() getmetatable('').__index = nil end)",
      "return ('x'):len()",
    ],
    'the table of globals': [
      "pcall(rawset, _G, 'x', 1) pcall(setmetatable, _G, {})",
      "return {type(rawget(_G, 'x')), (select(2, pcall(function() return x end)))}",
    ],
    'a caught error': ["pcall(function() error('x') end)", "return (select(2, pcall(error, 'y')))"],
  } as const;

  it.each(Object.entries(influences))('by %s', (_, [change, look]) => {
    const before = evaluate(look, ['k'], ['a']);
    evaluate(change, ['k'], ['a']);
    expect(evaluate(look, ['k'], ['a'])).toEqual(before);
  });

  it('seeds math.random for every run', () => {
    const draw = 'return {math.random(1000), math.random(1000)}';
    expect(evaluate(draw)).toEqual(evaluate(draw));
  });

  it('shows no addresses', () => {
    const script = 'return {tostring({}), tostring({}), tostring(pcall), tostring(cjson.null)}';
    expect(evaluate(script)).toEqual([
      'table: 0x000000000000',
      'table: 0x000000000000',
      'function: 0x000000000000',
      'userdata: (nil)',
    ]);
  });
});

describe('limits', () => {
  it.each([
    ['an endless loop', 'while true do end', 'steps'],
    ['an endless repeat', 'repeat until false', 'steps'],
    ['an endless for', 'for i = 2, 1, 0 do end', 'steps'],
    ['an endless generic for', 'for x in function() return 1 end do end', 'steps'],
    ['an endless loop over commands', "while true do redis.call('get', 'k') end", 'steps'],
    ['an endless loop over errors', 'while true do pcall(error) end', 'steps'],
    ['an endless recursion', 'local function f() return 1 + f() end f()', 'nested calls'],
    ['an endless tail call', 'local function f() return f() end f()', 'nested calls'],
    [
      'an endless metamethod',
      'local t = setmetatable({}, {}) ' +
        'getmetatable(t).__index = function(t, k) return t[k .. 1] end return t.x',
      'nested calls',
    ],
    ['a pattern that never ends', "('a'):rep(99):match(('a*'):rep(20) .. 'b')", 'steps'],
    ['a string that doubles', "local s = 'x' while true do s = s .. s end", 'bytes in a string'],
    ['a string of a thousand million', "('x'):rep(1e9)", 'bytes in a string'],
    ['a reply without end', 'local t = {} t[1] = t return t', 'levels in a reply'],
    ['an expression without end', `local a = 1 return ${'a+'.repeat(50_000)}a`, 'memory'],
  ])('%s ends the script', (_, text, limit) => {
    const run = () => compileScript(text).run(mapHost(), [], []);
    expect(run).toThrow(ScriptBudgetExceeded);
    expect(run).toThrow(limit);
  });

  it('name the script', () => {
    const text = 'while true do end';
    try {
      compileScript(text).run(mapHost(), [], []);
      expect.unreachable();
    } catch (error) {
      expect((error as ScriptBudgetExceeded).sha1).toBe('694a5fe1ddb97a4c6a1bf299d9537c7d3d0f84e7');
    }
  });

  it('cannot be caught by the script', () => {
    const text = 'return pcall(function() while true do end end)';
    expect(() => compileScript(text).run(mapHost(), [], [])).toThrow(ScriptBudgetExceeded);
  });

  it('start anew for every run', () => {
    const script = compileScript('for i = 1, 3000000 do end return 1');
    expect([1, 2, 3].map(() => script.run(mapHost(), [], []))).toEqual([1, 1, 1]);
  });
});

describe('what is not simulated', () => {
  it.each([
    ['coroutine.create', 'coroutine.create(function() end)'],
    ['coroutine.wrap', 'coroutine.wrap(function() end)'],
    ['redis.setresp(3)', 'redis.setresp(3)'],
    ['redis.acl_check_cmd', "redis.acl_check_cmd('get', 'k')"],
    ['string.dump', 'string.dump(function() end)'],
    ["collectgarbage('count')", "collectgarbage('count')"],
    ['gcinfo', 'gcinfo()'],
    ['crashes a real server', 'error({})'],
  ])('%s is refused by name', (name, text) => {
    const run = () => compileScript(`pcall(function() end) ${text}`).run(mapHost(), [], []);
    expect(run).toThrow(ScriptUnsupported);
    expect(run).toThrow(name);
  });
});

describe('errors', () => {
  it('say script and line', () => {
    const text = "local x = 1\nerror('broken')";
    const { sha1 } = compileScript(text);
    const message = `ERR user_script:2: broken script: ${sha1}, on @user_script:2.`;
    expect(evaluate(text)).toEqual({ err: message });
  });

  it('of commands keep their code', () => {
    expect(failure("redis.call('nosuch')")).toBe('ERR Unknown Redis command called from script');
  });

  it('are one line', () => {
    expect(failure("error('a\\nb')")).toBe('ERR user_script:1: a b');
  });
});
