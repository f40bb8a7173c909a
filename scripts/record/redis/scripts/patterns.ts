/**
 * Lua patterns: find, match, gmatch and gsub.
 */
import { plainCases, type ScriptCase } from '../case.js';

const matching = plainCases('patterns', {
  'a class': "return ('abc123'):match('%d+')",
  'all classes':
    "local t = {} for _, c in ipairs({'a','c','d','l','p','s','u','w','x','z'}) do t[#t+1] = ('aZ5 ,\\t\\0g'):gsub('%' .. c, '.') end return t",
  'all complements':
    "local t = {} for _, c in ipairs({'A','C','D','L','P','S','U','W','X'}) do t[#t+1] = ('aZ5 ,g'):gsub('%' .. c, '.') end return t",
  'a set': "return ('hello world'):match('[a-e]+')",
  'a complement': "return ('key=value'):match('[^=]+')",
  'a set with a class': "return ('a1_b2-c3'):match('[%w_]+')",
  'a set with a bracket': "return ('a]b'):match('[]]') .. ('a^b'):match('[%^]')",
  'a set with a dash at its end': "return ('a-b'):match('[a-]+')",
  'a range backwards matches nothing': "return tostring(('b'):match('[c-a]'))",
  'an anchor at the start': "return {tostring(('abc'):match('^b')), ('abc'):match('^a')}",
  'an anchor at the end': "return {tostring(('abc'):match('b$')), ('abc'):match('c$')}",
  'an anchor elsewhere is a character': "return ('a$b^c'):match('$b^')",
  'longest and shortest': "return {('<a><b>'):match('<.*>'), ('<a><b>'):match('<.->')}",
  optional: "return {('color'):match('colou?r'), ('colour'):match('colou?r')}",
  captures: "return {('key=value'):match('(%w+)=(%w+)')}",
  'nested captures': "return {('abc'):match('((a)(b))c')}",
  'position captures': "return {('hello'):match('()ll()')}",
  'an empty capture': "return {('abc'):match('a(x*)b')}",
  'a back reference': "return {('\"it\\'s\"'):match('([\"\\'])(.-)%1')}",
  balanced: "return ('f(a(b)c)d'):match('%b()')",
  frontier: "return {('THE (quick) fox'):find('%f[%a]%a+%f[%A]')}",
  'escaped punctuation': "return ('1.5%'):match('%d%.%d%%')",
  'find returns captures': "return {('key = value'):find('(%w+)%s*=%s*(%w+)')}",
  'match from a place': "return ('a1b2'):match('%a%d', 2)",
  'match from beyond the end': "return tostring(('abc'):match('.', 10))",
  'match without success': "return tostring(('abc'):match('%d'))",
  backtracking: "return ('aaab'):match('a*ab')",
  'an empty pattern': "return {('abc'):match(''), ('abc'):find('')}",
  'an owner and a count': "local id, n = ('client-1:17'):match('^(.+):(%d+)$') return {id, n + 1}",
});

const replacing = plainCases('patterns', {
  'gsub with a string': "return {('hello world'):gsub('o', '0')}",
  'gsub with a limit': "return {('hello world'):gsub('o', '0', 1)}",
  'gsub with captures': "return {('hello world'):gsub('(%w+)', '<%1>')}",
  'gsub with the whole match': "return {('abc'):gsub('%w', '%0%0')}",
  'gsub with an escaped percent': "return {('abc'):gsub('b', '%%')}",
  'gsub swaps': "return {('a=1, b=2'):gsub('(%w+)=(%w+)', '%2=%1')}",
  'gsub with a function': "return {('1 2 3'):gsub('%d', function(d) return d * 2 end)}",
  'gsub with a function that keeps':
    "return {('abc'):gsub('%w', function(c) if c == 'b' then return false end return c:upper() end)}",
  'gsub with a table': "return {('$name is $age'):gsub('%$(%w+)', {name = 'Lua', age = 5})}",
  'gsub with a table that lacks': "return {('$a $b'):gsub('%$(%w+)', {a = 'x'})}",
  'gsub of an empty match': "return {('abc'):gsub('', '-')}",
  'gsub of optional matches': "return {('abc'):gsub('x*', '-')}",
  'gsub anchored': "return {('aaa'):gsub('^a', 'b')}",
  'gsub with position captures': "return {('abc'):gsub('()', '%1')}",
  'gsub returns both': "return select('#', ('x'):gsub('x', 'y'))",
  'gsub cut to one value': "return {(('x'):gsub('x', 'y'))}",
  'gsub with a wrong replacement': "return ('x'):gsub('x', true)",
  'gsub with a function that returns a table': "return ('x'):gsub('x', function() return {} end)",
  'gsub trims': "return ('  trim me  '):gsub('^%s*(.-)%s*$', '%1')",
  'gmatch of words':
    "local t = {} for w in ('one two  three'):gmatch('%a+') do t[#t+1] = w end return t",
  'gmatch of pairs':
    "local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t+1] = k .. v end return t",
  'gmatch of empty matches': "local n = 0 for _ in ('abc'):gmatch('') do n = n + 1 end return n",
  'gmatch has no anchor': "local n = 0 for _ in ('aaa'):gmatch('^a') do n = n + 1 end return n",
  'splitting a line':
    "local t = {} for f in ('a,b,,c'):gmatch('([^,]*)') do t[#t+1] = f end return t",
});

const malformed = plainCases('patterns', {
  'ends with a percent': "return ('x'):match('%')",
  'missing bracket': "return ('x'):match('[a')",
  'missing bracket after a complement': "return ('x'):match('[^]')",
  'unfinished capture': "return ('x'):match('(x')",
  'invalid pattern capture': "return ('x'):match('x)')",
  'invalid capture index in a pattern': "return ('x'):match('%1')",
  'invalid capture index in a replacement': "return ('x'):gsub('x', '%2')",
  unbalanced: "return ('x'):match('%b')",
  'frontier without a set': "return ('x'):match('%fx')",
  'too many captures': "return ('x'):match(('()'):rep(33))",
  'not reached, not noticed': "return tostring(('x'):match('y['))",
});

export const scripts: readonly ScriptCase[] = [...matching, ...replacing, ...malformed];
