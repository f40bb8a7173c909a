/**
 * The face of the Lua engine to the server: a script's text is compiled once and then run many
 * times. Scripts are Lua 5.1 as Redis 7 embeds it.
 */
import type { Reply } from '../reply.js';

/** What a script can reach of the server while it runs. */
export interface ScriptHost {
  /** Runs one command on behalf of the script (`redis.call`, `redis.pcall`). */
  call(args: readonly string[]): Reply;
}

export interface Script {
  /** SHA-1 of the text, 40 lower-case hexadecimal digits, as EVALSHA names it. */
  readonly sha1: string;
  /** The arrays are taken over. */
  run(host: ScriptHost, keys: string[], args: string[]): Reply;
}

/** Compiles a script; a syntax error is thrown as `ScriptError` with the server's text. */
export type CompileScript = (text: string) => Script;
