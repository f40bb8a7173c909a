/**
 * The scripts a server knows by their SHA-1. As in Redis 7 the cache lives in memory alone: it
 * survives neither a restart nor a failover, because replicas and the append-only file get the
 * effects of scripts and not their text (Redis 7.0 release notes; `eval.c`).
 */
import type { CompileScript, Script } from './lua/script.js';

export class ScriptCache {
  private readonly byText = new Map<string, Script>();
  private readonly bySha1 = new Map<string, Script>();

  constructor(private readonly compile: CompileScript) {}

  /** The script of a text, compiled on first sight; throws `ScriptError` if it cannot be. */
  load(text: string): Script {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const script = this.compile(text);
    this.byText.set(text, script);
    this.bySha1.set(script.sha1, script);
    return script;
  }

  /** The script of a SHA-1, in any letter case. */
  find(sha1: string): Script | undefined {
    return this.bySha1.get(sha1) ?? this.bySha1.get(sha1.toLowerCase());
  }

  /** Whether SCRIPT EXISTS knows it: that command takes lower case alone. */
  has(sha1: string): boolean {
    return this.bySha1.has(sha1);
  }

  flush(): void {
    this.byText.clear();
    this.bySha1.clear();
  }
}
