/**
 * The scripts a server knows by their SHA-1. As in Redis 7 the cache lives in memory alone: it
 * survives neither a restart nor a failover, because replicas and the append-only file get the
 * effects of scripts and not their text (Redis 7.0 release notes; `eval.c`).
 */
import { type CompiledScript, compileScript } from './lua/index.js';

export class ScriptCache {
  private readonly known = new Map<string, CompiledScript>();
  /** The one loaded last, which is known. */
  private latest: CompiledScript | undefined;

  /** The script of a text, known from now on; throws `ScriptError` if it cannot be compiled. */
  load(text: string): CompiledScript {
    const script = compileScript(text);
    if (script !== this.latest) this.known.set(script.sha1, script);
    this.latest = script;
    return script;
  }

  /** The script of a SHA-1, in any letter case. */
  find(sha1: string): CompiledScript | undefined {
    return this.known.get(sha1) ?? this.known.get(sha1.toLowerCase());
  }

  flush(): void {
    this.known.clear();
    this.latest = undefined;
  }
}
